"""A failure at every call and await of a handler: none leaves it, none is silent, and no state is half changed."""

import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from inspect import CO_GENERATOR
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, RetryState

from domain.programme import rollout
from schemas.cohort import CohortCounts, CohortState
from schemas.handlers import SIGNALS, UPDATES
from schemas.rollout import ProgrammeState
from tests.support.lives import A_START, DAY, MONDAY
from tests.unit.domain.programme.test_rollout import (
    after_comex,
    cohort,
    evidence,
    programme,
)
from workflows import receiving, refused_messages
from workflows.cohort import CohortWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow

Running = PairWorkflow | CohortWorkflow | ProgrammeWorkflow
Make = Callable[[str, str], "tuple[Running, Elsewhere]"]

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
    "cohort_closed": {"evidence": evidence().model_dump(mode="json")},
    "approve_matches": {"all": True},
    "extend": {"region": "ouest"},
    "hold": {"region": "ouest"},
    "conclude": {"region": "comex"},
    "tick_need": {"region": "ouest", "need": "works_council"},
}
GUARD = (receiving.__file__, refused_messages.__file__)
"""The guard itself is not made to fail: nothing guards the guard."""
AT_LEAST = {"people_changed": 3}
"""Calls that a handler makes, where it hardly does anything."""
PAUSING = {("programme", "pause"), ("programme", "resume")}
OURS = ("/workflows/", "/domain/", "/schemas/")


class Elsewhere:
    """What workflows ask of others, answered at once; `scopes` are the pauses that are in force."""

    def __init__(self) -> None:
        self.scopes = set[str]()
        self.held = 3

    async def ask(self, method: Callable[..., Any], *args: Any, **more: Any) -> Any:
        match method.__name__:
            case "set_pause":
                change = args[0]
                (self.scopes.add if change.paused else self.scopes.discard)(
                    change.scope
                )
            case "decide_guard":
                self.held = 0
            case "cohort_counts" | "decide_matches" | "check_and_decide_matches":
                return self.counts()
        return None

    def counts(self) -> CohortCounts:
        return CohortCounts(pairs=4, paused=tuple(self.scopes), guard_held=self.held)


def a_pair(_there: Elsewhere, _update: str) -> PairWorkflow:
    return PairWorkflow(A_START.model_dump(mode="json"))


def a_cohort(there: Elsewhere, update: str) -> CohortWorkflow:
    """Running, with pairs that the guard holds; paused where it is to be resumed."""
    if update == "resume":
        there.scopes.add("cohort:demo:comex:1")
    made = CohortWorkflow()
    made.current_state = cohort(phase="run", tried=(3, 2), counts=there.counts())
    return made


def a_programme(there: Elsewhere, name: str) -> ProgrammeWorkflow:
    """Comex has closed and waits for a second wave, ouest for a decision and a need; or comex is open."""
    made = ProgrammeWorkflow()
    if name == "cohort_closed":
        made.current_state = rollout.opened(
            rollout.open_due_regions(programme(), MONDAY), "comex"
        )
        return made
    state = after_comex(needs=("works_council",))
    paused = ("programme:demo",) if name == "resume" else ()
    there.scopes.update(paused)
    comex = state.regions[0].model_copy(update={"next_wave_at": MONDAY + 90 * DAY})
    made.current_state = state.model_copy(
        update={"regions": (comex, state.regions[1]), "paused": paused}
    )
    return made


MAKE: Mapping[str, Callable[[Elsewhere, str], Running]] = {
    "pair": a_pair,
    "cohort": a_cohort,
    "programme": a_programme,
}


@pytest.fixture
def make(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, str], tuple[Running, Elsewhere]]:
    """A workflow as its task would make it, without a server, ready for the message of this name."""
    monkeypatch.setattr(
        workflow,
        "info",
        lambda: SimpleNamespace(continued_run_id=None, workflow_id="any"),
    )
    monkeypatch.setattr(workflow, "now", lambda: datetime(2027, 1, 11, 10, tzinfo=UTC))
    monkeypatch.setattr(workflow, "logger", SimpleNamespace(warning=quiet, debug=quiet))
    monkeypatch.setattr(workflow, "sleep", asleep)

    def made(kind: str, name: str) -> tuple[Running, Elsewhere]:
        there = Elsewhere()
        monkeypatch.setattr(workflow, "execute_activity_method", there.ask)
        return MAKE[kind](there, name), there

    return made


def quiet(*args: Any, **more: Any) -> None: ...


async def asleep(*args: Any, **more: Any) -> None: ...


@contextmanager
def failing_at(number: int, failure: Exception) -> Iterator[list[str]]:
    """Let the call of this number, counted from 0, fail as it begins, or what it awaits; answers which one it was."""
    seen, failed = 0, list[str]()

    def trace(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal seen
        file = frame.f_code.co_filename
        resumed = (
            frame.f_code.co_flags & CO_GENERATOR
        )  # or thrown away, where nothing can be raised
        ours = file not in GUARD and any(part in file for part in OURS)
        if (
            event == "call"
            and not resumed
            and (ours or frame.f_code is Elsewhere.ask.__code__)
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
    """Run `take` with a failure at its first call, its second, and so on until it makes no further one."""
    for number in range(500):
        for failure in FAILURES:
            with failing_at(number, failure()) as failed:
                take()
            if not failed:
                return number
            check(failed[0])
    raise AssertionError("it calls for ever")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, signals in SIGNALS.items() for name in signals],
)
def test_a_signal_whose_handler_fails_anywhere_is_kept_and_changes_nothing(
    make: Make, kind: str, name: str
) -> None:
    run, _ = make(kind, name)
    before = run.current_state

    def take() -> None:
        getattr(run, name)(PAYLOADS.get(name, {}))

    def check(where: str) -> None:
        assert run.current_state is before, where
        message = run.refused_messages.unsaved.pop()
        assert (message.name, run.refused_messages.unsaved) == (name, []), where
        assert message.reason and "SECRET" not in message.reason

    assert each_failure(take, check) >= AT_LEAST.get(name, 5)


DECIDED = [(kind, name) for kind, updates in UPDATES.items() for name in updates]
WAITING = [
    (kind, name)
    for kind, name in DECIDED
    if kind == "cohort" or (kind, name) in PAUSING
]
"""Decisions that others carry out, so that a part of one can stand when the rest fails."""


@pytest.mark.parametrize(("kind", "name"), DECIDED)
def test_an_update_whose_validator_fails_anywhere_is_refused_and_changes_nothing(
    make: Make, kind: str, name: str
) -> None:
    run, _ = make(kind, name)
    before, told = run.current_state, list[ApplicationError]()
    validator = getattr(type(run), name)._defn.validator
    assert (
        each_failure(
            lambda: ask(lambda payload: validator(run, payload), name, told),
            failed(run, before, told),
        )
        > 2
    )


@pytest.mark.parametrize(
    ("kind", "name"), [each for each in DECIDED if each not in WAITING]
)
def test_an_update_whose_handler_fails_anywhere_says_so_and_changes_nothing(
    make: Make, kind: str, name: str
) -> None:
    run, _ = make(kind, name)
    before, told = run.current_state, list[ApplicationError]()
    update = getattr(run, name)
    assert (
        each_failure(
            lambda: ask(lambda payload: to_its_end(update(payload)), name, told),
            failed(run, before, told),
        )
        > 5
    )


@pytest.mark.parametrize(("kind", "name"), WAITING)
def test_an_update_that_fails_half_way_says_so_and_sent_again_ends_as_if_nothing_had_failed(
    make: Make, kind: str, name: str
) -> None:
    told = list[ApplicationError]()
    run, there = make(kind, name)
    in_force = set(there.scopes)

    def update(payload: Any) -> None:
        found = getattr(type(run), name)
        found._defn.validator(run, payload)
        to_its_end(found(run, payload))

    def send() -> None:
        ask(update, name, told)

    send()
    expected = settled(run, there)
    assert told == []
    run, there = make(kind, name)

    def check(where: str) -> None:
        nonlocal run, there
        error = told.pop() if told else None
        assert error or run.refused_messages.unsaved, (
            where
        )  # told to the sender; or to ops, and done all the same
        assert error is None or (
            error.type in ("Fault", "Refused") and "SECRET" not in str(error)
        ), where
        assert to_be_told(run) >= there.scopes ^ in_force, where
        send()
        again = told.pop() if told else None
        assert again is None or again.type == "Refused", where  # as it stands already
        assert settled(run, there) == expected, where
        run, there = make(kind, name)

    assert each_failure(send, check) > 5


def ask(
    handler: Callable[[Any], None], name: str, told: list[ApplicationError]
) -> None:
    try:
        handler(PAYLOADS.get(name, {}))
    except ApplicationError as error:
        told.append(error)


def failed(
    run: Running, before: Any, told: list[ApplicationError]
) -> Callable[[str], None]:
    def check(where: str) -> None:
        error = told.pop()
        assert error.type in ("Fault", "Refused") and run.current_state is before, where
        assert "SECRET" not in str(error) and error.__cause__ is None

    return check


def settled(run: Running, there: Elsewhere) -> tuple[Any, ...]:
    """All that counts in the end: not how often it was looked."""
    state = run.current_state
    assert isinstance(state, CohortState | ProgrammeState)
    left_out = {"revision", "polls", "changes"}
    return state.model_dump(exclude=left_out), there.scopes, there.held


def to_be_told(run: Running) -> set[str]:
    """Scopes whose pairs will be told of what is in force."""
    state = run.current_state
    if isinstance(state, CohortState):
        return {state.start.plan.cohort.workflow_id} if state.pairs_to_notify else set()
    assert isinstance(state, ProgrammeState)
    return set(state.scopes_to_notify)


def to_its_end(handler: Coroutine[Any, Any, Any]) -> None:
    """None waits for long: whatever it asks is answered at once."""
    with pytest.raises(StopIteration):
        handler.send(None)
