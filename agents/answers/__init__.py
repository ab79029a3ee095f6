"""Questions that the specialists answer in chat: one a file."""
