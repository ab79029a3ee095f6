"""The web console: what people see. It calls the hub and adds nothing but form."""
