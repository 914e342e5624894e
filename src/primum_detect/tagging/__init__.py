"""The small model: who and what a text names, and whether it is about a person who is ill."""
