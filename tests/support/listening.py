"""Where processes listen, as everybody on this machine sees it: what is in another network namespace does not show."""

from collections.abc import Iterable

import psutil


def children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


def listening(pids: Iterable[int]) -> set[tuple[str, int]]:
    """Addresses on which these processes and their children take connections."""
    family = {each for pid in pids for each in (pid, *children(pid))}
    return {
        (found.laddr.ip, found.laddr.port)
        for found in psutil.net_connections("tcp")
        if found.pid in family and found.status == psutil.CONN_LISTEN
    }
