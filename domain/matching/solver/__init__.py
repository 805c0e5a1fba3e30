"""The exact assignment, explained with an example in docs/solver.md."""
