"""The practice channel: a feed inside Primum, where new staff learn. Never public."""
