"""A step of matching in a process of its own, under an activity.

Ten thousand people on each side take seconds of Python, and hundreds of megabytes. In
the worker's own process everything else would wait for its turn, past the two seconds
in which a workflow task has to answer; and memory would stay.
"""

import asyncio
import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Generic, NoReturn, TypeVar

from temporalio.exceptions import ApplicationError

from activities.matching.ports import MatchingStore
from activities.matching.progress import ComputationProgress, heartbeating
from activities.redaction import redacted_failures

REPORT_SECONDS = 0.5
"""Between two reports of the child: a computation has thousands of checkpoints."""
SPAWN = multiprocessing.get_context("spawn")
"""Not a fork: locks that other threads hold would be copied locked."""

Output = TypeVar("Output")
Input = TypeVar("Input")
Step = Callable[..., Awaitable[Output]]
"""A function of `steps.py`: it takes a store, what computes, and its arguments."""


@dataclass(frozen=True)
class ChildSetUp:
    """How a child begins; all of it goes there pickled."""

    open_store: Callable[[], Awaitable[AbstractAsyncContextManager[MatchingStore]]]
    configure_logging: Callable[[], None]


@dataclass(frozen=True)
class Progress:
    """How far the child is."""

    phase: str
    steps: int


@dataclass(frozen=True)
class Done(Generic[Output]):
    """The child's result."""

    result: Output


@dataclass(frozen=True)
class Failed:
    """Why there is none, without values."""

    message: str
    type: str | None
    final: bool


Report = Progress | Done[Any] | Failed


async def in_own_process(
    child: ChildSetUp, step: Step[Output], *arguments: Any
) -> Output:
    """Run a step in a process that ends with it; heartbeats say how far it is.

    Cancelled, it is killed: what it writes is one transaction.

    Raises:
        ApplicationError: the step's own, or of type MatchingProcessEnded where the
            process was killed; a retry begins again.
    """
    receiving, sending = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(
        target=_work, args=(sending, child, step, arguments), daemon=True
    )
    await asyncio.to_thread(process.start)
    sending.close()
    try:
        result: Output = await _result(receiving)
        return result
    except EOFError:
        await asyncio.to_thread(process.join)
        raise ApplicationError(
            f"the process that matches ended (exit code {process.exitcode}); too little memory, or somebody killed "
            "it; it is tried again",
            type="MatchingProcessEnded",
        ) from None
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()


async def _result(receiving: Connection) -> Any:
    """Wait for the child's result, with heartbeats.

    Raises:
        EOFError: the child ended without one.
        ApplicationError: it failed.
    """
    progress = ComputationProgress()
    reading = asyncio.create_task(asyncio.to_thread(_read, receiving, progress))
    try:
        await heartbeating(reading, progress)
    finally:
        reading.cancel()  # else nobody asks why it ended once the child is killed
    match reading.result():
        case Done(result):
            return result
        case Failed(message, kind, final):
            raise ApplicationError(message, type=kind, non_retryable=final)


def _read(receiving: Connection, progress: ComputationProgress) -> Done[Any] | Failed:
    """Read reports until the last one, on a thread."""
    while True:
        report: Report = receiving.recv()
        if not isinstance(report, Progress):
            return report
        progress.phase, progress.steps = report.phase, report.steps


def _work(
    sending: Connection, child: ChildSetUp, step: Step[Any], arguments: tuple[Any, ...]
) -> None:
    """Run in the child."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # nothing of a pool is in a cycle, and the process ends with it
    child.configure_logging()
    sending.send(asyncio.run(outcome(sending, child, step, arguments)))


async def outcome(
    sending: Connection, child: ChildSetUp, step: Step[Any], arguments: tuple[Any, ...]
) -> Report:
    """Returns the result of a step in the child, or why there is none."""

    @redacted_failures
    async def run() -> Any:
        async with await child.open_store() as store:
            return await step(store, _computer(sending), *arguments)

    run.__name__ = step.__name__
    try:
        return Done(await run())
    except ApplicationError as error:
        return Failed(error.message, error.type, error.non_retryable)


def _computer(sending: Connection) -> Callable[..., Awaitable[Any]]:
    """Returns what computes in the child: at once, since nobody else is there."""
    reported = time.monotonic()

    def report(phase: str, steps: int) -> None:
        nonlocal reported
        if time.monotonic() - reported >= REPORT_SECONDS:
            reported = time.monotonic()
            sending.send(Progress(phase, steps))

    async def compute(
        computation: Callable[[Input, ComputationProgress], Output], given: Input
    ) -> Output:
        return computation(given, ComputationProgress(report))

    return compute


def _end_with_parent() -> NoReturn:
    """A worker that was killed leaves nobody behind that matches for it."""
    parent = multiprocessing.parent_process()
    with suppress(OSError):
        if parent is not None:
            parent.join()
    os._exit(1)
