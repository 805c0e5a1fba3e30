"""Ports of the one-machine stack, all on the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """One that nobody listens on now; somebody may take it before it is used."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
