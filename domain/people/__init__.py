"""People files, reporting lines, and what services say of people."""
