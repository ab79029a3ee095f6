"""One file a migration, named by its revision and what it brings."""
