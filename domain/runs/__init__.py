"""Whether a workflow's run agrees with the record, and what to say when it does not."""
