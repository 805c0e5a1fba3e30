"""Whom an event reaches, and what becomes of it when it reaches nobody: a row a rule."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.inbox.delivery import (
    MOST_ATTEMPTS,
    PairOfPerson,
    PairUnclear,
    pair_meant,
    pairs_reached,
    signal_payload,
    without_pair,
    without_run,
)
from schemas.events import Side
from schemas.records.inbox import EventState, StoredEvent
from schemas.stages import Stage
from tests.support.lives import MENTEE, PAIR

AS_MENTOR = PairOfPerson(PAIR, Side.MENTOR)
AS_MENTEE = PairOfPerson(PAIR.model_copy(update={"seat": 2}), Side.MENTEE)
BOTH = [AS_MENTOR, AS_MENTEE]


def stored(kind: str, **more: Any) -> StoredEvent:
    return StoredEvent(
        key="k",
        source="lms",
        event_id="1",
        type=f"binome.{kind}.v1",
        kind=kind,
        received_at=datetime(2027, 1, 11, tzinfo=UTC),
        **more,
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("module_completed", [AS_MENTOR]),
        ("held", [AS_MENTOR]),
        ("windows_given", BOTH),
        ("person_left", BOTH),
        ("directives_changed", BOTH),
        ("person_updated", []),
    ],
)
def test_an_event_reaches_the_pairs_it_is_for(
    kind: str, expected: list[PairOfPerson]
) -> None:
    assert pairs_reached(stored(kind), BOTH) == expected


@pytest.mark.parametrize(
    ("kind", "more", "state", "reason"),
    [
        ("module_completed", {}, EventState.WAITING, "no_pair_yet"),
        ("windows_given", {}, EventState.DELIVERED, None),
        ("person_updated", {}, EventState.DELIVERED, None),
        ("held", {}, EventState.UNDELIVERABLE, "no_live_pair"),
        ("held", {"reached": ("pair:x",)}, EventState.DELIVERED, None),
    ],
)
def test_without_a_pair(
    kind: str, more: dict[str, Any], state: EventState, reason: str | None
) -> None:
    assert without_pair(stored(kind, **more)) == (state, reason)


@pytest.mark.parametrize(
    ("kind", "stage", "attempts", "state", "reason"),
    [
        ("held", None, 0, EventState.UNDELIVERABLE, "no_such_pair"),
        ("held", Stage.CLOSED, 0, EventState.UNDELIVERABLE, "pair_closed"),
        ("concern_raised", Stage.CLOSED, 0, EventState.DELIVERED, None),
        ("held", Stage.SESSIONS, 0, EventState.STORED, "pair_not_started"),
        (
            "held",
            Stage.SESSIONS,
            MOST_ATTEMPTS,
            EventState.UNDELIVERABLE,
            "run_not_found",
        ),
    ],
)
def test_without_an_open_run(
    kind: str,
    stage: Stage | None,
    attempts: int,
    state: EventState,
    reason: str | None,
) -> None:
    assert without_run(stored(kind, attempts=attempts), stage) == (state, reason)


def test_a_signal_about_a_person_says_who_they_are_in_the_pair() -> None:
    left = stored("person_left", person=MENTEE)
    assert signal_payload(left, Side.MENTEE) == {"side": "mentee", "mentee": MENTEE}
    assert signal_payload(left, Side.MENTOR) == {"side": "mentor"}
    assert signal_payload(stored("held", payload={"session": 1}), Side.MENTOR) == {
        "session": 1
    }


def test_an_event_need_not_name_the_only_pair() -> None:
    assert pair_meant(None, [AS_MENTOR]) is AS_MENTOR


@pytest.mark.parametrize(
    ("named", "live", "words"),
    [
        (None, [], "no live pair"),
        (None, BOTH, "has 2 pairs"),
        ("pair:another", BOTH, "not a live pair of this person"),
    ],
)
def test_an_event_that_could_mean_several_pairs_is_refused(
    named: str | None, live: list[PairOfPerson], words: str
) -> None:
    with pytest.raises(PairUnclear, match=words):
        pair_meant(named, live)
