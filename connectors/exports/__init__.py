"""Files that companies export from their systems, read into typed records."""
