"""The console in a browser; a package, so that the browser ends with the last test of it."""
