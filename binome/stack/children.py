"""The parts of the one-machine stack as child processes: started, watched, restarted, stopped.

None outlives the stack. A part that is told to stop is waited for; when the stack itself is killed, the kernel (Linux)
ends its children; what is left even so stands in `children.json` and is ended at the next start.
"""

import asyncio
import json
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from binome.errors import StackFailed
from binome.stack.lifeline import tie_to_parent
from binome.stack.processes import Identity, identity, stop
from workers.settings import PREFIX

FAST = 10.0
"""Seconds; a part that ends sooner after its start counts towards giving up."""
TRIES = 5
LARGE_LOG = 5_000_000


@dataclass(frozen=True)
class Part:
    """What is started, and how one sees that it is ready."""

    name: str
    """Of its log file and in `children.json`."""
    title: str
    """In sentences."""
    command: Callable[[], list[str]]
    """Called in a thread before each start; may prepare what the start needs."""
    ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    """What it gets when the stack dies without a word."""
    account: Mapping[str, Any] = field(default_factory=dict)
    patience: float = 10


class Child:
    """One part that is kept running."""

    def __init__(self, part: Part, folder: Path, report: Callable[[str], None]) -> None:
        self.part = part
        self._folder = folder
        self._report = report
        self._log = folder / "logs" / f"{part.name}.log"
        self._from = 0
        self._begun = 0.0
        self._process: Process | None = None
        self.watching: asyncio.Task[None] | None = None

    async def start(self, patience: float = 180) -> None:
        """Start it and return when it is ready.

        Raises:
            StackFailed: it gave up, or was not ready within `patience` seconds.
        """
        _put_aside_if_large(self._log)
        await self._spawn()
        self.watching = asyncio.create_task(self._watch(), name=self.part.name)
        until = time.monotonic() + patience
        while not await self.part.ready():
            if self.watching.done():
                self.watching.result()
            if time.monotonic() > until:
                raise StackFailed(
                    f"{_at_start(self.part.title)} was not ready in time. {self._last_words()}"
                )
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Return when it has ended: asked first, killed after its `patience`."""
        if self.watching is not None:
            self.watching.cancel()  # it may be about to start the part again
            await asyncio.wait([self.watching])
        if self._process is None or self._process.returncode is not None:
            return
        for number in (self.part.stop_signal, signal.SIGKILL):
            _signal_group(self._process.pid, number)
            try:
                await asyncio.wait_for(self._process.wait(), self.part.patience)
            except TimeoutError:
                continue
            return

    async def _spawn(self) -> None:
        command = await asyncio.to_thread(self.part.command)
        self._from = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd="/",
                stdin=DEVNULL,
                stdout=out,
                stderr=out,
                env={**inherited(os.environ), **self.part.environment},
                start_new_session=True,
                umask=0o077,
                preexec_fn=partial(tie_to_parent, os.getpid(), self.part.death_signal),
                **self.part.account,
            )
        self._begun = time.monotonic()
        remember(self._folder, self.part.name, self._process.pid)

    async def _watch(self) -> None:
        failures = 0
        while self._process is not None:
            code = await self._process.wait()
            failures = failures + 1 if time.monotonic() - self._begun < FAST else 1
            ended = f"{_at_start(self.part.title)} ended ({_how(code)}). {self._last_words()}"
            if failures >= TRIES:
                raise StackFailed(f"{ended}\nIt was started {TRIES} times in vain.")
            self._report(f"{ended}\nIt is started again.")
            await asyncio.sleep(min(0.1 * 2**failures, 5))
            await self._spawn()

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(self._from, log.seek(0, os.SEEK_END) - 4000))
            lines = log.read().decode(errors="replace").splitlines()[-8:]
        said = "\n".join(f"  | {line[:300]}" for line in lines) or "  | (nothing)"
        return f"Its last lines (all of them in {self._log}):\n{said}"


def remember(folder: Path, name: str, pid: int) -> None:
    """Note a child, so that the next start can end it if nothing else did."""
    found = identity(pid)
    if found is not None:
        noted = _noted(folder) | {name: asdict(found)}
        fresh = folder / "children.json.new"
        fresh.write_text(json.dumps(noted, indent=1))
        fresh.replace(folder / "children.json")


def end_leftovers(folder: Path) -> list[str]:
    """End children that outlived their stack, last started first; answers their names."""
    left = [(name, child) for name, child in _identities(folder) if child.alive()]
    for _, child in reversed(left):
        stop(child)
    (folder / "children.json").unlink(missing_ok=True)
    return [name for name, _ in left]


def _identities(folder: Path) -> list[tuple[str, Identity]]:
    return [(name, Identity(**known)) for name, known in _noted(folder).items()]


def _noted(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "children.json").read_text())
    except (OSError, ValueError):
        return {}
    return found


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def _how(code: int) -> str:
    return (
        f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    )


def _at_start(title: str) -> str:
    return title[0].upper() + title[1:]


def _put_aside_if_large(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGE_LOG:
        log.replace(log.with_suffix(".log.1"))


def inherited(variables: Mapping[str, str]) -> dict[str, str]:
    """What a part may read from the environment of `binome up`: no settings, which are this stack's own."""
    return {
        name: value
        for name, value in variables.items()
        if not name.startswith((PREFIX, "TEMPORAL_"))
    }
