"""A server on loopback that speaks the OpenAI chat completions protocol, as well or as badly as it is told."""
