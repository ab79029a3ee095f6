"""Typed models for the words of the field; no I/O."""
