"""What PostgreSQL keeps and lists: events, notices, runs, status."""
