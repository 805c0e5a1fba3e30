"""Starts, signals and describes workflow executions."""
