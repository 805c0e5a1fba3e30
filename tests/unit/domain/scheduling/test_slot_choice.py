"""Which times are proposed, and in which order."""

from collections.abc import Sequence
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.scheduling.slot_choice import choose_starts
from tests.unit.domain.scheduling.factories import at

MON = [
    at(f"2027-01-11 {hour}")
    for hour in ("08:00", "08:30", "09:00", "09:30", "13:00", "13:30")
]
TUE = [at(f"2027-01-12 {hour}") for hour in ("08:00", "13:00")]
WED = [at("2027-01-13 08:00")]


def _best(
    starts: Sequence[datetime], most: int = 4, refused: Sequence[datetime] = ()
) -> list[str]:
    return [
        f"{start:%a %H:%M}"
        for start in choose_starts(starts, "Europe/Paris", 60, most, refused)
    ]


def test_the_earliest_is_first_and_the_others_fall_on_other_days_and_hours() -> None:
    assert _best([*MON, *TUE, *WED], most=3) == ["Mon 08:00", "Tue 13:00", "Wed 08:00"]


def test_with_more_wanted_than_days_each_day_is_used_again() -> None:
    assert _best([*MON, *TUE], most=4) == [
        "Mon 08:00",
        "Tue 13:00",
        "Mon 13:00",
        "Tue 08:00",
    ]


def test_on_one_day_what_overlaps_nothing_comes_first() -> None:
    assert _best(MON[:4], most=3) == ["Mon 08:00", "Mon 09:00", "Mon 08:30"]


def test_no_more_than_there_are() -> None:
    assert _best(WED) == ["Wed 08:00"]


def test_where_nothing_is_possible_nothing_is_proposed() -> None:
    assert _best([]) == []


def test_what_was_refused_is_not_proposed_again_and_its_day_comes_after_others() -> (
    None
):
    assert _best([*MON[:3], *TUE], refused=[MON[0]]) == [
        "Tue 13:00",
        "Mon 09:00",
        "Tue 08:00",
        "Mon 08:30",
    ]


def test_days_are_those_of_the_zone() -> None:
    sunday_evening = at("2027-01-10 23:30")  # Monday 0:30 in Paris
    assert _best([sunday_evening, *MON[:1], *WED], most=2) == ["Sun 23:30", "Wed 08:00"]


STARTS = st.lists(st.sampled_from([*MON, *TUE, *WED]), unique=True).map(sorted)


@settings(max_examples=80)
@given(STARTS, st.integers(0, 6), st.lists(st.sampled_from([*MON, *TUE])))
def test_only_what_was_found_and_not_refused_each_once(
    starts: list[datetime], most: int, refused: list[datetime]
) -> None:
    chosen = choose_starts(starts, "Europe/Paris", 60, most, refused)
    assert set(chosen) <= set(starts) - set(refused)
    assert len(chosen) == len(set(chosen)) == min(most, len(set(starts) - set(refused)))


@settings(max_examples=80)
@given(STARTS.filter(bool))
def test_with_nothing_refused_the_first_is_the_earliest(starts: list[datetime]) -> None:
    assert choose_starts(starts, "Europe/Paris", 60, 4)[0] == min(starts)
