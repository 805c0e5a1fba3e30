"""What a request meets before any route: connection, host, listener, rate, kind and size of its body."""
