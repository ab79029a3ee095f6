"""The suite of the chat: questions of reps to the demo company, scored by calls and end state."""
