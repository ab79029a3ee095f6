"""Customers' messages: noticed as they come in, prepared within seconds, answered by a person."""
