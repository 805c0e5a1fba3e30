"""All that is held about somebody, for them alone: behind a link that their own mailbox got, for an hour."""
