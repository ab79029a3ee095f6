"""The package as people read it: Markdown, and one self-contained printable page."""
