"""Language models by role: any OpenAI-compatible endpoint, what it may cost, and what its answers must look like."""
