"""Processes by number and start time: a number alone may mean another process by now."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
STOP_SECONDS = 10
"""How long one may take to stop before it is killed."""


@dataclass(frozen=True)
class ProcessIdentity:
    """One process of this machine, distinct from any later one of the same number."""

    pid: int
    started: str
    command: str = ""

    def alive(self) -> bool:
        found = identity(self.pid)
        return found is not None and found.started == self.started


def identity(pid: int) -> ProcessIdentity | None:
    """Returns the identity of a running process; None: it does not exist, or has ended."""
    return _from_proc(pid) if (_PROC / "self").exists() else _from_ps(pid)


def stop(process: ProcessIdentity) -> None:
    """Interrupt it and wait for its end; in the end it is killed. One that has ended is left alone."""
    for attempt in (signal.SIGINT, signal.SIGKILL):
        if not process.alive():
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, attempt)
        until = time.monotonic() + STOP_SECONDS
        while process.alive() and time.monotonic() < until:
            time.sleep(0.01)


def _from_proc(pid: int) -> ProcessIdentity | None:
    try:
        after_name = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        command = (
            (_PROC / str(pid) / "cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode(errors="replace")
        )
    except OSError:
        return None
    state, started = after_name[0], after_name[19]
    return None if state in "ZX" else ProcessIdentity(pid, started, command.strip())


def _from_ps(pid: int) -> ProcessIdentity | None:
    """Returns the identity by `ps`, where there is no /proc (macOS). `lstart` is always
    24 characters wide.
    """
    asked = subprocess.run(
        ["ps", "-p", str(pid), "-o", "lstart=,stat=,command="],  # noqa: S607 - where it lies differs by system
        capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    line = asked.stdout.strip()
    if asked.returncode or not line:
        return None
    state, _, command = line[24:].strip().partition(" ")
    return (
        None
        if state.startswith("Z")
        else ProcessIdentity(pid, line[:24], command.strip())
    )
