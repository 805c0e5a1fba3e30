"""Accounts, how they sign in, and what they read and decided."""
