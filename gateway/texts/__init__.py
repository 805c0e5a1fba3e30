"""Texts in the languages that people read: why two are matched, topics, times, names in place of ids."""
