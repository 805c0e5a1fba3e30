"""Matching as activities: reads a pool, computes in a thread, keeps the result."""
