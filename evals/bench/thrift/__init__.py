"""What a question costs in calls and tokens of a language model, beside `langgraph-supervisor`."""
