"""Effects: proposed, decided, sent once, read back, or put aside."""
