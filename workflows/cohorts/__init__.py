"""The parts of `CohortWorkflow`: its steps, its matches, and its guard."""
