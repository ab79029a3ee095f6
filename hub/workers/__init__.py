"""Processes that work: jobs, loops, heartbeats."""
