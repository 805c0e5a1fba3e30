"""The entry to the lifecycle: `advance(state, event, now)` decides what an event does to a pair."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.pair.deciding import decide
from domain.pair.step import Step
from schemas.base import PairDecision
from schemas.events import DeadlinePassed, Event
from schemas.pair import RULES_VERSION, SCHEMA_VERSION, Gate, PairStart, PairState
from schemas.stages import Stage

MOST_DEADLINES_AT_ONCE = 200
"""Far more than a pair can have; any others are served at the next call."""


class Transition(NamedTuple):
    """What an event did: the new state with its effects, or why it changed nothing."""

    state: PairState
    ignored: str | None = None
    """Why nothing changed, as a code."""


def advance(state: PairState, event: Event, now: datetime) -> Transition:
    """Decide one event at programme time `now`, aware and UTC."""
    if state.stage is Stage.CLOSED:
        return Transition(state, ignored="closed")
    step = Step(state, now, event.by if isinstance(event, PairDecision) else None)
    decide(step, event)
    return Transition(step.finish(event), step.ignored)


def begin(start: PairStart, *, shortest_wait_seconds: float = 3.0) -> PairState:
    """The state of a pair before its first event.

    `shortest_wait_seconds` is wall time: in a rehearsal a deadline that waits for a person
    lasts at least that long.
    """
    return PairState(
        schema_version=SCHEMA_VERSION,
        rules=RULES_VERSION,
        pair=start.pair,
        clock=start.clock,
        policy=start.policy,
        calendar=start.calendar,
        minimum_answer_time=start.clock.shortest_wait(
            timedelta(seconds=shortest_wait_seconds)
        ),
        now=start.starts_at,
        gate=Gate(windows=start.windows_known, modules=start.modules_done),
    )


def restore(start: PairStart) -> PairState:
    """The state of a pair whose run was lost, from what PostgreSQL kept of it.

    Nothing is sent again.

    Raises:
        ValidationError: `start.restored` is not a valid state.
    """
    known = {
        name: getattr(start, name) for name in ("pair", "clock", "policy", "calendar")
    }
    return PairState.model_validate(
        {"now": start.starts_at, **(start.restored or {}), **known, "outbox": ()}
    )


def serve_due(
    state: PairState, now: datetime, *, served_at: Callable[[datetime], datetime]
) -> PairState:
    """Serve every deadline that has come by `now`, in order, each at `served_at` of it.

    All times are programme time.
    """
    for _ in range(MOST_DEADLINES_AT_ONCE):
        due = state.next_deadline
        if due is None or due > now or state.stage is Stage.CLOSED:
            return state
        kind = min(k for k, at in state.deadlines.items() if at == due)
        state = advance(
            state, DeadlinePassed(deadline=kind, at=due), max(due, served_at(due))
        ).state
    return state
