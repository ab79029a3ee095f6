"""The suite of speech: recordings with their text, who spoke when, and sounds in which nobody speaks."""
