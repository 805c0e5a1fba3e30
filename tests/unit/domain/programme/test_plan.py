"""From a document to dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.programme.plan import (
    dated_regions,
    people_problems,
    plan_of,
    requested_regions,
)
from schemas.programme import ProgrammeDocument, ProgrammePlan

WALL = datetime(2026, 11, 25, 12, tzinfo=UTC)
COUNTS = {"comex": {"mentee": 2}, "idf": {"mentor": 4, "mentee": 1}}
TWO = [
    {"region": "comex", "mentors_from": ["idf"]},
    {"region": "idf", "after": "comex", "needs": ["works_council"]},
]


def document(**changes: Any) -> ProgrammeDocument:
    raw = {"programme": "pilot", "starts_on": "2027-01-11", "regions": TWO, **changes}
    return ProgrammeDocument.model_validate(raw)


def plan(**changes: Any) -> ProgrammePlan:
    made, problems = plan_of(document(**changes), WALL)
    assert made is not None, problems
    return made


def test_a_programme_starts_on_its_first_morning() -> None:
    assert plan().starts_at == datetime(2027, 1, 11, 8, tzinfo=UTC)


def test_a_start_on_a_holiday_waits_for_the_next_working_day() -> None:
    assert plan(starts_on="2027-01-01").starts_at.date() == date(2027, 1, 4)


def test_a_start_in_the_past_is_now() -> None:
    assert plan(starts_on="2026-01-05").starts_at == WALL


def test_programme_time_is_wall_time_without_a_rehearsal() -> None:
    assert plan().clock.programme(WALL) == WALL


def test_a_rehearsal_begins_now_and_on_its_first_morning() -> None:
    made = plan(rehearsal={"pace": 43200})
    assert (
        made.clock.programme(WALL)
        == made.starts_at
        == datetime(2027, 1, 11, 8, tzinfo=UTC)
    )


def test_a_calendar_has_the_holidays_of_three_years() -> None:
    days = plan().cohorts[0].calendar.holidays
    assert {day.year for day in days} == {2027, 2028, 2029}
    assert date(2028, 7, 14) in days


def test_each_country_has_its_own_holidays() -> None:
    regions = [{"region": "comex", "country": "DE", "zone": "Europe/Berlin"}]
    calendar = plan(regions=regions).cohorts[0].calendar
    assert (date(2027, 10, 3) in calendar.holidays, calendar.zone) == (
        True,
        "Europe/Berlin",
    )


def test_a_country_without_known_holidays_is_refused() -> None:
    made, problems = plan_of(
        document(regions=[{"region": "comex", "country": "ZZ"}]), WALL
    )
    assert made is None
    assert [problem.path for problem in problems] == ["regions[0].country"]


def test_a_region_that_waits_opens_when_the_other_one_ends() -> None:
    comex, idf = dated_regions(plan(), COUNTS)
    assert comex.opens == date(2027, 1, 11)
    assert (
        comex.opens
        < comex.trained_by
        < comex.first_sessions_about
        < comex.ends_about
        == idf.opens
    )


def test_the_dated_plan_counts_people_and_names_what_is_needed() -> None:
    comex, idf = dated_regions(plan(), COUNTS)
    assert (comex.mentors, comex.mentees, comex.missing) == (4, 2, ())
    assert (idf.mentors, idf.mentees, idf.missing) == (4, 1, ("works_council",))


def test_the_dated_plan_names_the_next_waves_after_the_first_ones() -> None:
    lines = list(
        dated_regions(
            plan(extension={"waves": 2, "next_wave_after": "4 weeks"}), COUNTS
        )
    )
    assert [(r.region, r.wave) for r in lines] == [
        ("comex", 1),
        ("idf", 1),
        ("comex", 2),
        ("idf", 2),
    ]
    assert lines[2].opens >= lines[0].ends_about + timedelta(weeks=4)
    assert lines[3].missing == ()  # ticked once, for all waves


def test_a_year_of_holidays_is_known_for_each_further_wave() -> None:
    days = plan(extension={"waves": 3}).cohorts[0].calendar.holidays
    assert {day.year for day in days} == {2027, 2028, 2029, 2030, 2031}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (COUNTS, []),
        (
            {"comex": {"mentee": 2}},
            [
                "regions[0].mentors_from[0]: nobody imported for it; known: comex; import people at LINK",
                "regions[1].region: nobody imported for it; known: comex; import people at LINK",
            ],
        ),
        (
            {"comex": {"ops": 1}, "idf": {"mentee": 1}},
            [
                "regions[0].region: no mentee imported for it; import people at LINK",
                "regions[0].mentors_from: no mentor imported in any of them; import people at LINK",
                "regions[1].mentors_from: no mentor imported in any of them; import people at LINK",
            ],
        ),
    ],
    ids=["everybody there", "a region missing", "roles missing"],
)
def test_who_is_missing_is_named(
    counts: dict[str, dict[str, int]], expected: list[str]
) -> None:
    assert [
        str(problem)
        for problem in people_problems(requested_regions(TWO), counts, "LINK")
    ] == expected


def test_the_longest_plan_there_can_be_has_dates() -> None:
    slow = {"count": 24, "every": "366 days", "notice": "10 years"}
    regions = [
        {"region": f"r{n}", **({"after": f"r{n - 1}"} if n else {})} for n in range(100)
    ]
    long = plan(
        sessions=slow,
        training={"within": "10 years"},
        matching={"agree_within": "10 years"},
        regions=regions,
        extension={"waves": 10, "next_wave_after": "10 years"},
    )
    assert len(list(dated_regions(long, {}))) == 1000
