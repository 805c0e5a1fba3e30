"""Who may coach whom, how well, and the best assignment of all."""
