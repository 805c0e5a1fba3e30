"""Erasing a person from the console."""
