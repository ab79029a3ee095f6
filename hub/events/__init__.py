"""Signed events from and to other systems."""
