"""How good and how fast the hub is, measured."""
