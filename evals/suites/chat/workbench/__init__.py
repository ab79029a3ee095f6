"""The set `workbench`: requests about an office, judged by what became of its records."""
