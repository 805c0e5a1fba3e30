"""A component of the one-machine stack as a child process: started, watched, restarted, stopped.

None outlives the stack. One that is asked to stop is waited for; when the stack itself
is killed, the kernel (Linux) ends its child processes; what is left even then is noted
(`leftovers`) and ended at the next start.
"""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from binome.errors import StackFailed
from binome.stack.leftovers import remember
from binome.stack.parent_death import end_with_parent
from workers.settings import PREFIX

EARLY_END_SECONDS = 10.0
"""A process that ends sooner after its start counts towards giving up."""
MOST_EARLY_ENDS = 5
READY_SECONDS = 180.0
LARGE_LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class Component:
    """One server or process of ours: how it is started, and how one sees that it is ready."""

    name: str
    """Name in messages, and of its log file."""
    title: str
    """What messages call it, such as `the worker`."""
    command: Callable[[], list[str]]
    """Called in a thread before each start; may prepare what the start needs."""
    ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends it when the stack is killed."""
    account: Mapping[str, Any] = field(default_factory=dict)
    stop_seconds: float = 10
    """How long it may take to stop before it is killed."""


class ComponentProcess:
    """A component that is kept running."""

    def __init__(
        self, component: Component, folder: Path, report: Callable[[str], None]
    ) -> None:
        self.component = component
        self._folder = folder
        self._report = report
        self._log = folder / "logs" / f"{component.name}.log"
        self._log_start = 0
        self._started_at = 0.0
        self._process: Process | None = None
        self.watching: asyncio.Task[None] | None = None

    async def start(self, ready_seconds: float = READY_SECONDS) -> None:
        """Start it and return when it is ready.

        Raises:
            StackFailed: it gave up, or was not ready within `ready_seconds`.
        """
        _rotate_if_large(self._log)
        await self._spawn()
        self.watching = asyncio.create_task(self._watch(), name=self.component.name)
        until = time.monotonic() + ready_seconds
        while not await self.component.ready():
            if self.watching.done():
                self.watching.result()
            if time.monotonic() > until:
                raise StackFailed(
                    f"{_at_start(self.component.title)} was not ready in time. {self._last_lines()}"
                )
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Return when it has ended: asked first, killed after its `stop_seconds`."""
        if self.watching is not None:
            self.watching.cancel()  # it may be about to start it again
            await asyncio.wait([self.watching])
        if self._process is None or self._process.returncode is not None:
            return
        for number in (self.component.stop_signal, signal.SIGKILL):
            _signal_group(self._process.pid, number)
            try:
                await asyncio.wait_for(
                    self._process.wait(), self.component.stop_seconds
                )
            except TimeoutError:
                continue
            return

    async def _spawn(self) -> None:
        command = await asyncio.to_thread(self.component.command)
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd="/",
                stdin=DEVNULL,
                stdout=out,
                stderr=out,
                env={**inherited_environment(os.environ), **self.component.environment},
                start_new_session=True,
                umask=0o077,
                preexec_fn=partial(
                    end_with_parent, os.getpid(), self.component.death_signal
                ),
                **self.component.account,
            )
        self._started_at = time.monotonic()
        remember(self._folder, self.component.name, self._process.pid)

    async def _watch(self) -> None:
        failures = 0
        while self._process is not None:
            code = await self._process.wait()
            failures = (
                failures + 1
                if time.monotonic() - self._started_at < EARLY_END_SECONDS
                else 1
            )
            ended = f"{_at_start(self.component.title)} ended ({_exit_text(code)}). {self._last_lines()}"
            if failures >= MOST_EARLY_ENDS:
                raise StackFailed(
                    f"{ended}\nIt was started {MOST_EARLY_ENDS} times and ended each time."
                )
            self._report(f"{ended}\nIt is started again.")
            await asyncio.sleep(min(0.1 * 2**failures, 5))
            await self._spawn()

    def _last_lines(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(self._log_start, log.seek(0, os.SEEK_END) - 4000))
            lines = log.read().decode(errors="replace").splitlines()[-8:]
        last = "\n".join(f"  | {line[:300]}" for line in lines) or "  | (nothing)"
        return f"Its last lines (all of them in {self._log}):\n{last}"


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, number)


def _exit_text(code: int) -> str:
    return (
        f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    )


def _at_start(title: str) -> str:
    return title[0].upper() + title[1:]


def _rotate_if_large(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGE_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def inherited_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Returns what a component may read of the environment of `binome up`: no settings, which are the stack's own."""
    return {
        name: value
        for name, value in variables.items()
        if not name.startswith((PREFIX, "TEMPORAL_"))
    }
