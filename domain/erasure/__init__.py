"""What is held about one person, table by table, and what an erasure does with it."""
