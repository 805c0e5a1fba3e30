"""Pools, runs of matching, topics, and the review of matches."""
