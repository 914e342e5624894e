"""Layer 6: a wording that keeps the meaning and passes the engine itself."""
