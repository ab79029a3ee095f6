"""Suites: what an agent, or the chat, gets right on cases with known answers; `saleshub eval`."""
