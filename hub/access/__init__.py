"""Who gets in, how, and for how long."""
