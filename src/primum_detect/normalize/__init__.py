"""Layer 1: bring a text into a form that patterns can read, and keep the way back to the original."""
