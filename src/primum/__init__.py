"""Primum: first, post no harm."""

__version__ = "0.1.0"
