"""Looking after what the hub remembers: what is junk, what rests on what, and making it anew."""
