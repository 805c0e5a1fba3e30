"""Pools, runs, their review, and the guard over reporting lines."""
