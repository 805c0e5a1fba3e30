"""How far a computation is, and where it may be stopped."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from temporalio import activity

from domain.matching.rule_gains import CountingTimeUp
from domain.matching.scoring import CancellationCheckpoint

HEARTBEAT_SECONDS = 2.0


class Cancelled(Exception):
    """The activity was: nobody waits for the result."""


class ComputationProgress:
    """How far a computation is, and whether it is to stop.

    `report` is called at each checkpoint and each new phase.
    """

    def __init__(self, report: Callable[[str, int], None] = lambda *_: None) -> None:
        self.cancelled = False
        self.phase = ""
        """What it does now, as a code."""
        self.steps = 0
        """How many pieces of that it has begun."""
        self._report = report

    def begin(self, phase: str) -> None:
        self.phase, self.steps = phase, 0
        self._report(self.phase, self.steps)

    def checkpoint(self) -> None:
        if self.cancelled:
            raise Cancelled
        self.steps += 1
        self._report(self.phase, self.steps)


async def heartbeating(work: asyncio.Task[Any], progress: ComputationProgress) -> None:
    """Wait until work is done; heartbeats say how far it is, in the Web UI too."""
    while not (await asyncio.wait({work}, timeout=HEARTBEAT_SECONDS))[0]:
        activity.heartbeat({"phase": progress.phase, "steps": progress.steps})


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
