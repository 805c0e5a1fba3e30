"""What reviewers decide about matches."""
