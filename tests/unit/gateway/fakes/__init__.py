"""Small stand-ins at the gateway's two borders: PostgreSQL and Temporal."""
