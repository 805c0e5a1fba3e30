"""Finds runs that do not agree with the record, and repairs them."""
