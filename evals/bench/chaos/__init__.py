"""What happens to effects while the processes that work on them are killed."""
