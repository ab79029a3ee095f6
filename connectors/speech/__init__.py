"""Recordings become transcripts on this machine."""
