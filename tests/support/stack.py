"""A one-machine stack in a process of its own, as somebody at a terminal has it."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

from binome.stack.process_identity import ProcessIdentity
from gateway.links import Links
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.ports import low_ports
from tests.support.waiting import LONGEST_WAIT_SECONDS
from workers.secrets import DATA_KEYS, LINKS, derived_key

ANY_PORTS = [
    f"--{name}=0"
    for name in ("port", "temporal-port", "ui-port", "postgres-port", "smtp-port")
]


@dataclass(frozen=True)
class Account:
    """Who runs a command, and with which Python."""

    python: str = sys.executable
    process: dict[str, Any] = field(default_factory=dict)
    """For `subprocess`: user, group, environment."""

    def give(self, *paths: Path) -> None:
        """Let it own these; nothing to do for whoever runs the tests."""
        for path in paths:
            os.chown(path, self.process.get("user", -1), self.process.get("group", -1))


MYSELF = Account()


async def binome(*words: str, by: Account = MYSELF) -> tuple[int, str, str]:
    """Run one command to its end; answers exit code, output and errors."""
    process = await asyncio.create_subprocess_exec(
        by.python, "-m", "binome", *words, stdout=PIPE, stderr=PIPE, **by.process
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


class Stack:
    """One run of `binome up`. `said` is what it reported until now."""

    def __init__(self, folder: Path, process: Process) -> None:
        self.folder = folder
        self.process = process
        self.lines: list[str] = []
        self.start_seconds = 0.0
        """How long it took to be ready, which tells how busy the machine is."""

    async def wait_for_line(self, words: str) -> None:
        """Read what it reports until a line with these words."""
        assert self.process.stderr is not None
        async with asyncio.timeout(2 * LONGEST_WAIT_SECONDS):
            while words not in (
                line := (await self.process.stderr.readline()).decode()
            ):
                assert line, (
                    f"it ended without saying {words!r}:\n{''.join(self.lines)}"
                )
                self.lines.append(line)
        self.lines.append(line)

    def addresses(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "stack.json").read_text())
        return found

    def children(self) -> dict[str, ProcessIdentity]:
        return noted_processes(self.folder)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Signal it and wait for its end; answers its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode


def noted_processes(folder: Path) -> dict[str, ProcessIdentity]:
    """The parts of a stack by name, as its folder has them."""
    noted = json.loads((folder / "processes.json").read_text())
    return {name: ProcessIdentity(**known) for name, known in noted.items()}


def up_words() -> list[str]:
    """`binome up` on free ports; on a cluster where tests are to run on one."""
    if ServerFolder.chosen() is None:
        return ["binome", "up", *ANY_PORTS]
    [port] = low_ports(1)
    words = [*ANY_PORTS, f"--temporal-port={port}", "--trust-accounts"]
    return ["tests.support.cluster.up", "up", *words]


@asynccontextmanager
async def stack_in(
    folder: Path, *words: str, by: Account = MYSELF
) -> AsyncIterator[Stack]:
    """A stack that is ready; it is stopped with the block."""
    process = await asyncio.create_subprocess_exec(
        by.python,
        "-m",
        *up_words(),
        f"--data={folder}",
        *words,
        stderr=PIPE,
        **by.process,
    )
    stack, begun = Stack(folder, process), monotonic()
    try:
        await stack.wait_for_line("Binôme is ready")
        stack.start_seconds = monotonic() - begun
        yield stack
    finally:
        await stack.end()


async def ended(process: ProcessIdentity) -> None:
    """Wait until somebody else's child has ended; fails after a minute."""
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        while process.alive():
            await asyncio.sleep(0.01)


def links_of_stack(data: Path, public_url: str) -> Links:
    """Makes and reads links as the stack does whose data folder is `data`."""
    secret = (data / "secret").read_text().strip()
    return Links([derived_key(secret, LINKS)], public_url)


def wrapping_keys_of_stack(data: Path) -> list[bytes]:
    """Keys with which a store opens what the stack sealed whose data folder is `data`."""
    return [derived_key((data / "secret").read_text().strip(), DATA_KEYS)]


def children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


def listening(pids: Iterable[int]) -> set[tuple[str, int]]:
    """Addresses on which these processes and their children take connections, as all of this machine see it.

    What is in another network namespace does not show.
    """
    family = {each for pid in pids for each in (pid, *children(pid))}
    return {
        (found.laddr.ip, found.laddr.port)
        for found in psutil.net_connections("tcp")
        if found.pid in family and found.status == psutil.CONN_LISTEN
    }
