"""A long computation in a thread, under an activity that heartbeats and can be
cancelled.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from temporalio import activity

from domain.matching.rule_gains import CountingTimeUp
from domain.matching.scoring import CancellationCheckpoint

HEARTBEAT_SECONDS = 2.0

Input = TypeVar("Input")
Output = TypeVar("Output")


class _Cancelled(Exception):
    """The activity was: nobody waits for the result."""


class ComputationProgress:
    """How far a computation is, and whether it is to stop."""

    def __init__(self) -> None:
        self.cancelled = False
        self.phase = ""
        """What it does now, as a code."""
        self.steps = 0
        """How many pieces of that it has begun."""

    def begin(self, phase: str) -> None:
        self.phase, self.steps = phase, 0

    def checkpoint(self) -> None:
        if self.cancelled:
            raise _Cancelled
        self.steps += 1


async def compute_in_thread(
    compute: Callable[[Input, ComputationProgress], Output], given: Input
) -> Output:
    """Heartbeats say how far it is, in the Web UI too. Cancelled, it ends at its next
    checkpoint.
    """
    progress = ComputationProgress()
    computing = asyncio.create_task(asyncio.to_thread(compute, given, progress))
    try:
        while not (await asyncio.wait({computing}, timeout=HEARTBEAT_SECONDS))[0]:
            activity.heartbeat({"phase": progress.phase, "steps": progress.steps})
    except asyncio.CancelledError:
        progress.cancelled = True
        await asyncio.wait({computing})
        computing.exception()
        raise
    return computing.result()


def time_limited(
    checkpoint: CancellationCheckpoint, seconds: float
) -> CancellationCheckpoint:
    """Returns a checkpoint that raises CountingTimeUp so long after its first call."""
    ends_at: list[float] = []

    def limited() -> None:
        checkpoint()
        if not ends_at:
            ends_at.append(time.monotonic() + seconds)
        if time.monotonic() > ends_at[0]:
            raise CountingTimeUp

    return limited
