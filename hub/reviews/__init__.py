"""Pre-reviews of packages: opened, talked over, decided, measured."""
