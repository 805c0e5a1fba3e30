"""What several benchmarks share: worlds, floors, tables and kept results."""
