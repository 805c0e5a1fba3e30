"""Workflows: a durable one for every pair, cohort, programme and delivery channel."""
