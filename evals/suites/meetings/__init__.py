"""The suite of the meetings agent: what was decided and promised, and summaries for a question or of a stretch."""
