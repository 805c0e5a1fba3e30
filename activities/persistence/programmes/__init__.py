"""Programmes, their cohorts and pairs, and their counts."""
