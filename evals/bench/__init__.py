"""Measurements, each a command of its own; speed always beside a peer or a target in the same run."""
