"""A small language model on this machine, to try the hub with a real one: `make llm`."""
