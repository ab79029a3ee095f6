"""The visit graph: gather in parallel, analyse, compose, word, check."""
