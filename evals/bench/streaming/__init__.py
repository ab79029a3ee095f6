"""What streaming through the hub costs beside the model itself, and beside a plain stream."""
