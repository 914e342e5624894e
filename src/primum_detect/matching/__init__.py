"""Regular expressions that are only run where they can match: what must stand in a text, and one look for all of it."""
