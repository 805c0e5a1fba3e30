"""The parts of `PairWorkflow`: restoring, continue-as-new, search attributes, details."""
