"""What agents compute: pure functions on text, people and time, shared between agents."""
