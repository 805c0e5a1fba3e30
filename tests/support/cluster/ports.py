"""Ports of Temporal's server, which keeps its own in a `smallint` of PostgreSQL."""

import socket
from random import SystemRandom

LOWEST, HIGHEST = 10_000, 32_000
"""Below what the kernel gives to connections, and below 32,768."""
ROLES = ("frontend", "history", "matching", "worker")


def low_ports(count: int) -> list[int]:
    """Ports below 32,768 on which nobody listens now."""
    found: list[int] = []
    while len(found) < count:
        port = SystemRandom().randrange(LOWEST, HIGHEST)
        if port not in found and _is_free(port):
            found.append(port)
    return found


def server_ports(frontend: int) -> dict[str, str]:
    """Settings of the server's image: each role listens for requests, and for its peers."""
    names = ["FRONTEND_HTTP_PORT"]
    names += [f"{role.upper()}_MEMBERSHIP_PORT" for role in ROLES]
    names += [f"{role.upper()}_GRPC_PORT" for role in ROLES[1:]]
    chosen = dict(zip(names, map(str, low_ports(len(names))), strict=True))
    return {"FRONTEND_GRPC_PORT": str(frontend), **chosen}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
