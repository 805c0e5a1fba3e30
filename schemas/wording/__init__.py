"""Counted nouns, and French that elides."""
