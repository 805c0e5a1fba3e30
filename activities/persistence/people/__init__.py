"""People of the organisation: found, imported, changed by services."""
