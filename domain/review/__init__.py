"""The rules for decisions that reviewers make about proposed matches."""
