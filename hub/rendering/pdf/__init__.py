"""The package as a PDF file."""
