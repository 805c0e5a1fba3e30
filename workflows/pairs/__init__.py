"""What `PairWorkflow` is made of."""
