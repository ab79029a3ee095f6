"""The chat supervisor: plans over the specialists, runs them side by side, checks what a model says."""
