"""A database with very many pairs, made by PostgreSQL itself in seconds."""
