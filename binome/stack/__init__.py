"""The one-machine stack: PostgreSQL, Temporal, mail catcher, worker and gateway, as child processes."""
