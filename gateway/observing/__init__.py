"""What a gateway shows of itself: numbers for Prometheus and, where they are wanted, traces."""
