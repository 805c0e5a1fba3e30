"""Programmes, their cohorts and pairs, and how they stand."""
