"""The influence map, judged by who outranks whom."""
