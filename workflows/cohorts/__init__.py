"""What `CohortWorkflow` is made of."""
