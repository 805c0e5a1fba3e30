"""Failures at every call and await of a handler, one after the other."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from types import FrameType
from typing import Any

from temporalio.exceptions import ActivityError, ApplicationError, RetryState

from tests.unit.handlers.running import FakeActivities
from workflows import receiving, refused_messages

FAILURES: tuple[Callable[[], Exception], ...] = (
    lambda: RuntimeError("SECRET"),
    TimeoutError,
    lambda: KeyError("SECRET"),
    RecursionError,
    MemoryError,
    lambda: ApplicationError("SECRET", type="Any", non_retryable=True),
    lambda: ActivityError(
        "SECRET", scheduled_event_id=1, started_event_id=2, identity="", activity_type="any", activity_id="1",
        retry_state=RetryState.NON_RETRYABLE_FAILURE,
    ),
)  # fmt: skip
GUARD = (receiving.__file__, refused_messages.__file__)
"""The guard itself is not made to fail: nothing is left that could catch a failure in it."""
OURS = ("/workflows/", "/domain/", "/schemas/")


@contextmanager
def failing_at(number: int, failure: Exception) -> Iterator[list[str]]:
    """Make the call with this number, counted from 0, fail as it begins, or what it awaits.

    Yields a list that holds the name of the failed function afterwards.
    """
    seen, failed = 0, list[str]()

    def trace(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal seen
        file = frame.f_code.co_filename
        # A generator is resumed, or closed, where nothing can be raised.
        resumed = frame.f_code.co_flags & CO_GENERATOR
        ours = file not in GUARD and any(part in file for part in OURS)
        if (
            event == "call"
            and not resumed
            and (ours or frame.f_code is FakeActivities.ask.__code__)
        ):
            seen += 1
            if seen == number + 1:
                failed.append(frame.f_code.co_name)
                raise failure

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield failed
    finally:
        sys.settrace(before)


def each_failure(take: Callable[[], None], check: Callable[[str], None]) -> int:
    """Run `take` with a failure at its first call, its second, and so on to its last.

    Returns the number of calls.
    """
    for number in range(500):
        for failure in FAILURES:
            with failing_at(number, failure()) as failed:
                take()
            if not failed:
                return number
            check(failed[0])
    raise AssertionError("it calls for ever")
