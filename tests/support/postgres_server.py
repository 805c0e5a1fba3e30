"""A PostgreSQL server for as long as a block lasts."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from binome.errors import PostgresFailed
from binome.stack.postgres import Cluster, subprocess_user

MEMORY_STILL_HELD = "pre-existing shared memory block"
"""What a server says whose predecessor was killed a moment ago."""
STOP_SECONDS = 10


@contextmanager
def serving(cluster: Cluster, log: Path, timeout: float = 30) -> Iterator[Cluster]:
    """Serve a cluster for as long as the block lasts.

    Raises:
        PostgresFailed: it ended, or was not ready within `timeout` seconds.
    """
    cluster.prepare()
    server = _start_server(cluster, log, time.monotonic() + timeout)
    try:
        yield cluster
    finally:
        _stop(server)


def _start_server(cluster: Cluster, log: Path, until: float) -> subprocess.Popen[bytes]:
    """Start a server, again while the memory of one that was killed is not free yet.

    Its last processes release that memory a moment after it has ended.
    """
    while True:
        with log.open("ab") as out:
            server = subprocess.Popen(
                cluster.command(), cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                **subprocess_user(),
            )  # fmt: skip
        try:
            _wait(cluster, server, log, until)
            return server
        except BaseException as error:
            _stop(server)
            if not (
                isinstance(error, PostgresFailed)
                and MEMORY_STILL_HELD in str(error)
                and time.monotonic() < until
            ):
                raise
        time.sleep(0.1)


def _wait(
    cluster: Cluster, server: subprocess.Popen[bytes], log: Path, until: float
) -> None:
    while not cluster.ready():
        if server.poll() is not None or time.monotonic() > until:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise PostgresFailed(
                f"PostgreSQL did not start on port {cluster.port}:\n{last}"
            )
        time.sleep(0.02)


def _stop(server: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGINT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
