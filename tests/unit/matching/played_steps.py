"""Steps for a process of its own, which imports them by name."""

import asyncio
import os
import signal
import time
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any, cast

from temporalio.exceptions import ApplicationError

from activities.matching.ports import MatchingStore
from activities.matching.progress import ComputationProgress
from activities.matching.steps import Computer


async def open_nothing() -> AbstractAsyncContextManager[MatchingStore]:
    return nullcontext(cast(MatchingStore, None))


def configure_nothing() -> None:
    """Logs stay as they are."""


async def be_killed(_: MatchingStore, computer: Computer) -> int:
    return await computer(_kill_this_process, signal.SIGKILL)


def _kill_this_process(number: int, _: ComputationProgress) -> int:
    os.kill(os.getpid(), number)
    raise AssertionError("it has ended")


async def go_on_for_a_while(_: MatchingStore, computer: Computer) -> int:
    """Go past checkpoints without a rest, as a large match does."""
    return await computer(_pass_checkpoints, 1.5)


def _pass_checkpoints(seconds: float, progress: ComputationProgress) -> int:
    begun = time.monotonic()
    progress.begin("solving")
    while time.monotonic() < begun + seconds:
        progress.checkpoint()
        time.sleep(0.01)
    return progress.steps


async def be_refused(_: MatchingStore, computer: Computer) -> None:
    raise ApplicationError("pins contradict", type="PinsContradict")


async def wait_for_ever(_: MatchingStore, computer: Computer, file: str) -> Any:
    """Write the number of its process into a file, and wait."""
    await computer(_write_number, file)
    await asyncio.Event().wait()


def _write_number(file: str, _: ComputationProgress) -> None:
    Path(file).write_text(f"{os.getpid()}\n", encoding="ascii")
