"""Who may do what on the console and the API, as pure functions."""
