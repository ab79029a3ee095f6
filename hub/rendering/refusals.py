"""Refusals in the language of whoever reads them, for the doors."""

from prompts.sentences import RefusalText, say_refusal, translate

__all__ = ["RefusalText", "say_refusal", "translate"]
