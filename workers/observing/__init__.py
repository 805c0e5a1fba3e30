"""What a process shows of itself: measurements for Prometheus, and traces."""
