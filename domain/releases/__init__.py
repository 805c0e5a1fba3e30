"""Which figures may be published, and when."""
