"""What a meeting settled, left open and asked of whom, and how it is told in few words."""
