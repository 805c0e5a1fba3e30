"""Programme time, and ids that are taken apart as they were put together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import CohortRef, PairRef, parse_cohort_id, parse_pair_id, person_id
from schemas.time.clock import Clock

WALL = datetime(2026, 11, 25, 9, tzinfo=UTC)
FAST = Clock(
    programme_epoch=datetime(2027, 1, 11, 8, tzinfo=UTC), wall_epoch=WALL, pace=43200
)
REAL = Clock(programme_epoch=WALL, wall_epoch=WALL)


def test_a_day_takes_two_seconds_at_a_pace_of_43200() -> None:
    assert FAST.programme(
        WALL + timedelta(seconds=2)
    ) == FAST.programme_epoch + timedelta(days=1)


@given(st.integers(0, 10**9))
def test_pace_one_is_the_identity(second: int) -> None:
    at = WALL + timedelta(seconds=second)
    assert REAL.programme(at) == at == REAL.wall(at)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_wait_is_never_too_short_and_whole_milliseconds(ahead: timedelta) -> None:
    until = FAST.programme_epoch + ahead
    waited = FAST.wait(until, WALL)
    assert FAST.programme(WALL + waited) >= until - timedelta(seconds=1)
    assert waited % timedelta(milliseconds=1) == timedelta(0)


def test_what_has_passed_is_not_waited_for() -> None:
    assert FAST.wait(FAST.programme_epoch - timedelta(days=1), WALL) == timedelta(0)


def test_ids_are_taken_apart_as_they_were_made() -> None:
    pair = PairRef(
        programme="demo", region="comex", wave=2, mentor=person_id(b"nine byte"), seat=3
    )
    assert parse_pair_id(pair.workflow_id) == pair
    assert parse_cohort_id(pair.cohort.workflow_id) == CohortRef(
        programme="demo", region="comex", wave=2
    )


@pytest.mark.parametrize(
    "text",
    ["", "pair:a:b", "cohort:demo:comex", "pair:demo:comex:x:m:1", "programme:demo"],
)
def test_what_is_no_id_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the workflow id"):
        parse_pair_id(text)
    with pytest.raises(ValueError, match="not the workflow id"):
        parse_cohort_id(text)
