"""Ports of the one-machine stack, all on the loopback interface."""

import socket
from dataclasses import dataclass, fields

from binome.errors import CommandRefused

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """The port of each component; 0 asks for a free one. `ui` is the option
    `--ui-port`, and `gateway` is `--port`.
    """

    gateway: int = 8080
    temporal: int = 7233
    ui: int = 8233
    postgres: int = 8543
    smtp: int = 8025


TITLES = {
    "gateway": ("the gateway", "--port"),
    "temporal": ("Temporal", "--temporal-port"),
    "ui": ("the Temporal Web UI", "--ui-port"),
    "postgres": ("PostgreSQL", "--postgres-port"),
    "smtp": ("the mail catcher", "--smtp-port"),
}


def fill_in_ports(asked: Ports) -> Ports:
    """Returns the ports asked for, with every 0 replaced by a free port.

    Raises:
        CommandRefused: naming each port that cannot be had, or is asked for twice, and the option that changes it.
    """
    chosen = {field.name: getattr(asked, field.name) for field in fields(asked)}
    problems = [_problem(name, port, chosen) for name, port in chosen.items() if port]
    if any(problems):
        raise CommandRefused("\n".join(problem for problem in problems if problem))
    taken = {port for port in chosen.values() if port}
    for name, port in chosen.items():
        chosen[name] = port or _unused_port(taken)
    return Ports(**chosen)


def free_port() -> int:
    """Returns a port on which nobody listens now; another process may take it before it
    is used.
    """
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _why_not(port: int) -> str:
    """Returns why a port cannot be used; empty: it can."""
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a port just left is free
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            return "is for root alone"
        except OSError:
            return "is taken"
    return ""


def _problem(name: str, port: int, chosen: dict[str, int]) -> str:
    title, option = TITLES[name]
    remedy = f"choose another with {option} (0 picks a free one)"
    if list(chosen.values()).count(port) > 1:
        return f"port {port} of {title} is asked for twice; {remedy}"
    why_not = _why_not(port)
    return f"port {port} of {title} {why_not}; {remedy}" if why_not else ""


def _unused_port(taken: set[int]) -> int:
    while (port := free_port()) in taken:
        pass
    taken.add(port)
    return port
