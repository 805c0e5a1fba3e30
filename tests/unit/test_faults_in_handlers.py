"""A failure at every call that a handler makes: none leaves it, none is silent, and the state is never half changed."""

import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from inspect import CO_GENERATOR
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from schemas.events import SIGNALS, UPDATES, name_of
from tests.unit.lifecycle.factories import A_START
from workflows.inbox import Inbox
from workflows.pair import PairWorkflow

FAILURES: tuple[Callable[[], Exception], ...] = (
    lambda: RuntimeError("SECRET"),
    TimeoutError,
    lambda: KeyError("SECRET"),
    RecursionError,
    MemoryError,
    lambda: ApplicationError("SECRET", type="Any", non_retryable=True),
)
PAYLOADS: dict[str, dict[str, Any]] = {
    "windows_given": {"side": "mentor"},
    "module_completed": {"module": "listening"},
    "charter_signed": {"side": "mentor"},
    "matched": {"mentee": "p" + "b" * 13},
    "agreed": {"side": "mentor", "mentee": "p" + "b" * 13},
    "refused": {"side": "mentor", "mentee": "p" + "b" * 13},
    "answered": {"session": 1, "sequence": 0, "answer": "yes"},
    "held": {"session": 1},
    "pulse_received": {"session": 1, "side": "mentor"},
    "concern_raised": {"concern": "c1"},
    "checked_in": {"check": 1},
    "person_left": {"side": "mentor"},
    "too_close": {"mentee": "p" + "b" * 13},
    "apart_again": {"mentee": "p" + "b" * 13},
    "notice_failed": {"notice": "n1", "reason": "refused"},
    "waive": {"item": "rehearsal", "reason": "agreed"},
    "reschedule": {"session": 1},
    "rematch": {"reason": "asked"},
    "keep": {"reason": "asked"},
    "end": {"reason": "asked"},
}
GUARD = sys.modules[Inbox.__module__].__file__
"""The guard itself is not made to fail: nothing guards the guard."""
OURS = ("/workflows/", "/schemas/")


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> PairWorkflow:
    """A pair as its workflow task would make it, without a server."""
    monkeypatch.setattr(workflow, "info", lambda: SimpleNamespace(continued_run_id=None))
    monkeypatch.setattr(workflow, "now", lambda: datetime(2027, 1, 11, 10, tzinfo=UTC))
    monkeypatch.setattr(workflow, "logger", SimpleNamespace(warning=quiet, debug=quiet))
    return PairWorkflow(A_START.model_dump(mode="json"))


def quiet(*args: Any, **more: Any) -> None: ...


@contextmanager
def failing_at(number: int, failure: Exception) -> Iterator[list[str]]:
    """Let the call of this number, counted from 0, fail as it begins; answers which one it was."""
    seen, failed = 0, list[str]()

    def trace(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal seen
        file = frame.f_code.co_filename
        resumed = frame.f_code.co_flags & CO_GENERATOR  # or thrown away, where nothing can be raised
        if event == "call" and not resumed and file != GUARD and any(part in file for part in OURS):
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
    """Run `take` with a failure at its first call, its second, and so on until it makes no further one."""
    for number in range(500):
        for failure in FAILURES:
            with failing_at(number, failure()) as failed:
                take()
            if not failed:
                return number
            check(failed[0])
    raise AssertionError("it calls for ever")


@pytest.mark.parametrize("name", [name_of(kind) for kind in SIGNALS])
def test_a_signal_whose_handler_fails_anywhere_is_kept_and_changes_nothing(pair: PairWorkflow, name: str) -> None:
    before = pair.state

    def take() -> None:
        getattr(pair, f"signal_{name}")(PAYLOADS.get(name, {}))

    def check(where: str) -> None:
        assert pair.state is before, where
        message = pair.inbox.unsaved.pop()
        assert (message.name, pair.inbox.unsaved) == (name, []), where
        assert message.reason and "SECRET" not in message.reason

    assert each_failure(take, check) > 5


@pytest.mark.parametrize("name", [name_of(kind) for kind in UPDATES])
def test_an_update_whose_handler_or_validator_fails_anywhere_says_so_and_changes_nothing(
    pair: PairWorkflow, name: str
) -> None:
    before, told = pair.state, list[ApplicationError]()
    update = getattr(pair, f"update_{name}")

    def ask(handler: Callable[..., Any]) -> None:
        try:
            handler(PAYLOADS.get(name, {}))
        except ApplicationError as error:
            told.append(error)

    def check(where: str) -> None:
        error = told.pop()
        assert error.type in ("Fault", "Refused") and pair.state is before, where
        assert "SECRET" not in str(error) and error.__cause__ is None

    validator = getattr(type(pair), f"update_{name}")._defn.validator
    assert each_failure(lambda: ask(lambda payload: validator(pair, payload)), check) > 2
    assert each_failure(lambda: ask(lambda payload: run_to_its_end(update(payload))), check) > 5


def run_to_its_end(handler: Coroutine[Any, Any, Any]) -> None:
    """A pair's decisions never wait."""
    with pytest.raises(StopIteration):
        handler.send(None)
