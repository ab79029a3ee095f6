"""What recall finds of what was said."""
