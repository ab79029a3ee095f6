"""Nobody sees or changes what is not theirs: random operations of many people, judged by a model of its own."""
