"""A process for as long as it is wanted; it ends with the one that started it."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from binome.stack.parent_death import end_with_parent

STOP_SECONDS = 20
RESTART_SECONDS = 0.2
"""Before a process that ended is started again, as Docker does."""


class KeptProcess:
    """Started again whenever it ends, as by `restart: unless-stopped`."""

    def __init__(
        self,
        command: Callable[[], list[str]],
        environment: Mapping[str, str],
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        account: Mapping[str, Any] | None = None,
    ) -> None:
        """`command` is called before each start, and may prepare it."""
        self._command, self._environment = command, environment
        self.log, self._stop_signal = log, stop_signal
        self._account = account or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self.ends: list[int] = []
        """Exit codes of those that ended by themselves or were killed."""

    def start(self) -> None:
        self._spawn()
        self._keeping = asyncio.create_task(self._keep())

    def kill(self) -> None:
        """Kill it and what it started; it is started again."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, and kill it if it does not."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        process = self._process
        if process is None:
            return
        for number in (self._stop_signal, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(TimeoutError):
                await asyncio.wait_for(_ended(process), STOP_SECONDS)
                return

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(line[:300] for line in lines[-count:])

    def _spawn(self) -> None:
        self._process = spawn(
            self._command(), self._environment, self.log, self._account
        )

    async def _keep(self) -> None:
        while self._process is not None:
            self.ends.append(await _ended(self._process))
            await asyncio.sleep(RESTART_SECONDS * 2 ** min(len(self.ends), 4))
            self._spawn()


def spawn(
    command: list[str],
    environment: Mapping[str, str],
    log: Path,
    account: Mapping[str, Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start it in a session of its own; the kernel ends it with this process."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True, preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL),
            **(account or {}),
        )  # fmt: skip


async def run_to_end(
    command: list[str], environment: Mapping[str, str], log: Path
) -> int:
    """Returns its exit code; ended with the task that waits."""
    process = spawn(command, environment, log)
    try:
        return await _ended(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def _ended(process: subprocess.Popen[bytes]) -> int:
    while (code := process.poll()) is None:
        await asyncio.sleep(0.05)
    return code
