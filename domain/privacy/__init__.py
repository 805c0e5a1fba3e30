"""The organisation's own privacy notice: whom it reaches, and what it may hold."""
