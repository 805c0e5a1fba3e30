"""A failure at every call and await of a handler: none leaves it, none is silent, and no state is half changed."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from schemas.cohort import CohortState
from schemas.handlers import SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW
from schemas.rollout import ProgrammeState
from tests.unit.domain.programme.test_rollout import (
    evidence,
)
from tests.unit.handlers.failing import each_failure
from tests.unit.handlers.running import FakeActivities, Make, Running

PAYLOADS: dict[str, dict[str, Any]] = {
    "windows_given": {"side": "mentor"},
    "module_completed": {"module": "listening"},
    "charter_signed": {"side": "mentor"},
    "matched": {"mentee": "p" + "b" * 13},
    "agreed": {"side": "mentor", "mentee": "p" + "b" * 13},
    "refused": {"side": "mentor", "mentee": "p" + "b" * 13},
    "answered": {"session": 1, "sequence": 0, "answer": "yes"},
    "held": {"session": 1},
    "pulse_received": {"session": 1, "pulse": "p1"},
    "concern_raised": {"concern": "c1"},
    "checked_in": {"check": 1},
    "person_left": {"side": "mentor"},
    "too_close": {"mentee": "p" + "b" * 13},
    "apart_again": {"mentee": "p" + "b" * 13},
    "notice_failed": {"notice": "n1", "reason": "address_refused"},
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
AT_LEAST = {"people_changed": 3}
"""Calls that a handler makes, where it hardly does anything."""
PAUSING = {("programme", "pause"), ("programme", "resume")}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, signals in SIGNALS_BY_WORKFLOW.items() for name in signals],
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


DECIDED = [
    (kind, name) for kind, updates in UPDATES_BY_WORKFLOW.items() for name in updates
]
WAITING = [
    (kind, name)
    for kind, name in DECIDED
    if kind == "cohort" or (kind, name) in PAUSING
]
"""Updates that are carried out elsewhere: part of one may be done when the rest fails."""


@pytest.mark.parametrize(("kind", "name"), DECIDED)
def test_an_update_whose_validator_fails_anywhere_is_refused_and_changes_nothing(
    make: Make, kind: str, name: str
) -> None:
    run, _ = make(kind, name)
    before, errors = run.current_state, list[ApplicationError]()
    validator = getattr(type(run), name)._defn.validator
    assert (
        each_failure(
            lambda: ask(lambda payload: validator(run, payload), name, errors),
            failed(run, before, errors),
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
    before, errors = run.current_state, list[ApplicationError]()
    update = getattr(run, name)
    assert (
        each_failure(
            lambda: ask(lambda payload: run_to_the_end(update(payload)), name, errors),
            failed(run, before, errors),
        )
        > 5
    )


@pytest.mark.parametrize(("kind", "name"), WAITING)
def test_an_update_that_fails_half_way_says_so_and_sent_again_ends_as_if_nothing_had_failed(
    make: Make, kind: str, name: str
) -> None:
    errors = list[ApplicationError]()
    run, activities = make(kind, name)
    in_force = set(activities.scopes)

    def update(payload: Any) -> None:
        found = getattr(type(run), name)
        found._defn.validator(run, payload)
        run_to_the_end(found(run, payload))

    def send() -> None:
        ask(update, name, errors)

    send()
    expected = final_state(run, activities)
    assert errors == []
    run, activities = make(kind, name)

    def check(where: str) -> None:
        nonlocal run, activities
        error = errors.pop() if errors else None
        # The sender sees an error; or ops do, and the update is done.
        assert error or run.refused_messages.unsaved, where
        assert error is None or (
            error.type in ("Fault", "Refused") and "SECRET" not in str(error)
        ), where
        assert scopes_to_notify(run) >= activities.scopes ^ in_force, where
        send()
        again = errors.pop() if errors else None
        assert again is None or again.type == "Refused", where  # done already
        assert final_state(run, activities) == expected, where
        run, activities = make(kind, name)

    assert each_failure(send, check) > 5


def ask(
    handler: Callable[[Any], None], name: str, errors: list[ApplicationError]
) -> None:
    try:
        handler(PAYLOADS.get(name, {}))
    except ApplicationError as error:
        errors.append(error)


def failed(
    run: Running, before: Any, errors: list[ApplicationError]
) -> Callable[[str], None]:
    def check(where: str) -> None:
        error = errors.pop()
        assert error.type in ("Fault", "Refused") and run.current_state is before, where
        assert "SECRET" not in str(error) and error.__cause__ is None

    return check


def final_state(run: Running, activities: FakeActivities) -> tuple[Any, ...]:
    """All that counts in the end; how often it polled does not."""
    state = run.current_state
    assert isinstance(state, CohortState | ProgrammeState)
    left_out = {"revision", "polls", "changes"}
    return state.model_dump(exclude=left_out), activities.scopes, activities.held


def scopes_to_notify(run: Running) -> set[str]:
    """Scopes whose pairs will be notified of what is in force."""
    state = run.current_state
    if isinstance(state, CohortState):
        return {state.start.plan.cohort.workflow_id} if state.pairs_to_notify else set()
    assert isinstance(state, ProgrammeState)
    return set(state.scopes_to_notify)


def run_to_the_end(handler: Coroutine[Any, Any, Any]) -> None:
    """Run a handler that never has to wait, since its activities answer at once."""
    with pytest.raises(StopIteration):
        handler.send(None)
