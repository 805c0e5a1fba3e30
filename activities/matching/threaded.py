"""A computation in a thread, under an activity that heartbeats and can be cancelled."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from activities.matching.progress import ComputationProgress, heartbeating

Input = TypeVar("Input")
Output = TypeVar("Output")


async def compute_in_thread(
    compute: Callable[[Input, ComputationProgress], Output], given: Input
) -> Output:
    """Heartbeats say how far it is, in the Web UI too. Cancelled, it ends at its next
    checkpoint.
    """
    progress = ComputationProgress()
    computing = asyncio.create_task(asyncio.to_thread(compute, given, progress))
    try:
        await heartbeating(computing, progress)
    except asyncio.CancelledError:
        progress.cancelled = True
        await asyncio.wait({computing})
        computing.exception()
        raise
    return computing.result()
