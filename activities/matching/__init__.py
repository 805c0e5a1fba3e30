"""Matching as activities: reads a pool, computes beside the worker's loop, keeps the result."""
