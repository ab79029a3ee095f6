"""From a request in words to a tool and its arguments, by the tools' schemas alone; pure, without a language model."""
