"""What falls due at once has places over the time after it, and never one before."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pair.deadlines import next_wake
from domain.spreading import place_in
from schemas.pair import PairState
from schemas.stages import Awaited
from schemas.time.calendar import WorkCalendar
from tests.unit.domain.pair.factories import started

TEN_MINUTES = timedelta(minutes=10)


@given(st.text(), st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_a_place_is_within_its_span_and_always_the_same(
    key: str, span: timedelta
) -> None:
    place = place_in(span, key)
    assert place == place_in(span, key)
    assert timedelta(0) <= place < max(span, timedelta(microseconds=1))


def test_a_thousand_pairs_lie_evenly() -> None:
    minutes = [place_in(TEN_MINUTES, f"pair:{n}").seconds // 60 for n in range(1000)]
    assert all(60 < minutes.count(minute) < 140 for minute in range(10))


def spread(*kinds: Awaited, paused: bool = False) -> PairState:
    """A pair that spreads, with these deadlines, a second apart."""
    state = started().state
    due = {kind.value: state.now + timedelta(seconds=n) for n, kind in enumerate(kinds)}
    calendar = WorkCalendar(spread=TEN_MINUTES)
    by = ("pair",) if paused else ()
    return state.having(deadlines=due, calendar=calendar, paused_by=by)


def test_a_pair_wakes_at_its_place_after_the_deadline() -> None:
    state = spread(Awaited.TRAINING_DUE, Awaited.TRAINING_REMINDER)
    place = place_in(TEN_MINUTES, state.pair.workflow_id)
    assert timedelta(0) < place
    assert next_wake(state) == ("training_due", state.now + place)


def test_somebody_who_waits_for_a_call_waits_no_longer() -> None:
    state = spread(Awaited.TRAINING_DUE, Awaited.CONCERN_DUE)
    assert next_wake(state) == ("concern_due", state.now + timedelta(seconds=1))


@pytest.mark.parametrize("state", [spread(), spread(Awaited.IDLE, paused=True)])
def test_a_pair_that_awaits_nothing_wakes_for_nothing(state: PairState) -> None:
    assert next_wake(state) is None
