"""A real mail server for tests, and what its mails say."""
