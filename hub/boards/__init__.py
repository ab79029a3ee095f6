"""What boards show: measures of the company's work with the hub."""
