"""Times that come with a signal count only where the pair's own search could have found them."""

from datetime import timedelta
from typing import Any

import pytest

from domain.scheduling.early_search import found_early, may_begin_search, search_begun
from schemas.events import (
    EarlySlots,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    MatchAgreed,
    PairSignal,
    PulseReceived,
    Side,
)
from tests.support.lives import DAY, MENTEE, OTHER, Life
from tests.unit.domain.pair.factories import agreed

HELD = Held(session=1)


def over() -> Life:
    """The first session is agreed, and its time is over."""
    return agreed().wait(timedelta(days=10))


def early(life: Life, **changes: Any) -> EarlySlots:
    """Times as the gateway finds them for the search that the report of a session begins."""
    asked = search_begun(life.state, HELD, life.now)
    assert asked is not None
    slots = EarlySlots(
        at=life.now,
        mentee=MENTEE,
        minutes=asked.minutes,
        starts=(asked.earliest + DAY, asked.earliest + 2 * DAY),
    )
    return slots.having(**changes)


def found_with(life: Life, slots: EarlySlots | None) -> bool:
    signal = HELD.having(slots=slots)
    return found_early(life.on(signal).state, signal) is not None


def test_times_that_fit_are_the_result_of_the_search() -> None:
    life = over()
    signal = HELD.having(slots=early(life))
    found = found_early(life.on(signal).state, signal)
    assert found is not None and life.on(found).ignored is None
    assert life.state.current is not None
    assert life.state.current.start == early(over()).starts[0]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"mentee": OTHER}, id="of another mentee"),
        pytest.param({"minutes": 30}, id="for another length"),
        pytest.param({"starts": ()}, id="none"),
        pytest.param({"starts": (over().now,)}, id="too early"),
        pytest.param({"starts": (over().now + 400 * DAY,)}, id="too late"),
        pytest.param({"at": over().now - timedelta(minutes=2)}, id="of agendas before"),
        pytest.param({"at": over().now + timedelta(minutes=2)}, id="of a clock ahead"),
        pytest.param({"starts": early(over()).starts * 3}, id="too many"),
    ],
)
def test_times_that_do_not_fit_leave_the_search_to_the_pair(
    changes: dict[str, Any],
) -> None:
    life = over()
    assert not found_with(life, early(life, **changes))
    assert life.state.finding is not None


def test_a_signal_without_times_leaves_the_search_to_the_pair() -> None:
    assert not found_with(over(), None)


def test_times_beside_a_signal_that_changes_nothing_are_not_looked_at() -> None:
    life = over()
    slots = early(life)
    found = life.on(HELD).state.finding
    again = life.wait(timedelta(seconds=1)).on(HELD.having(slots=slots))
    assert again.state.finding == found and again.ignored == "already_known"


@pytest.mark.parametrize(
    ("signal", "may"),
    [
        (HELD, True),
        (MatchAgreed(side=Side.MENTOR, mentee=MENTEE), True),
        (
            InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.NO),
            True,
        ),
        (
            InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES),
            False,
        ),
        (PulseReceived(session=1, pulse="p1"), False),
    ],
)
def test_only_what_may_begin_a_search_is_looked_ahead_for(
    signal: PairSignal, may: bool
) -> None:
    assert may_begin_search(signal) is may
