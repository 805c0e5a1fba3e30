"""CloudEvents in: read, checked, stored before they are answered."""
