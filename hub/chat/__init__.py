"""Chat: questions asked in threads, answered with sources, writes only proposed."""
