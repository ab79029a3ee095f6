"""What each agent concludes: the typed data behind one or more sections of a package."""
