"""Writers of the export files, one per kind of file."""
