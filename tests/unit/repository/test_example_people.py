"""The example people: an executive committee and three regional divisions that can really be matched."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schemas.matches.topics import LEVELS, Topic
from tests.unit.domain.people.files import read_people

PEOPLE = Path(__file__).parents[3] / "examples/people.csv"
MATCHED_WITHIN = {
    "comex": ("idf", "ouest"),
    "idf": ("est",),
    "ouest": ("idf",),
    "est": ("ouest",),
}
Row = dict[str, str]


def read() -> list[Row]:
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = read()
BY_ID = {row["external_id"]: row for row in ROWS}


def in_role(role: str, *regions: str) -> list[Row]:
    return [
        r
        for r in ROWS
        if role in r["roles"].split() and (not regions or r["region"] in regions)
    ]


def levels_up(row: Row) -> dict[str, int]:
    """Everybody above, dotted lines too, with the shortest way to them."""
    above: dict[str, int] = {}
    queue = [(row, 0)]
    while queue:
        person, level = queue.pop(0)
        for boss in [
            *filter(None, [person["manager"]]),
            *person["dotted_managers"].split(),
        ]:
            if boss not in above:
                above[boss] = level + 1
                queue.append((BY_ID[boss], level + 1))
    return above


def levels_apart(one: Row, other: Row) -> int:
    far = 99
    return min(
        levels_up(one).get(other["external_id"], far),
        levels_up(other).get(one["external_id"], far),
    )


def chain(row: Row) -> Iterator[str]:
    while row["manager"]:
        yield row["manager"]
        row = BY_ID[row["manager"]]


def test_the_import_finds_nothing_wrong_with_the_file() -> None:
    people, problems = read_people(PEOPLE.read_bytes(), {})
    assert (len(people), problems) == (len(ROWS), [])


def test_at_least_eighty_people_are_in_four_regions() -> None:
    assert len(ROWS) >= 80
    assert set(MATCHED_WITHIN) == {row["region"] for row in ROWS}


@pytest.mark.parametrize("column", ["external_id", "name", "email"])
def test_nobody_is_listed_twice(column: str) -> None:
    assert [
        value
        for value, times in Counter(row[column] for row in ROWS).items()
        if times > 1
    ] == []


def test_everybody_answers_to_one_chief_and_no_line_runs_in_a_circle() -> None:
    heads = [row["external_id"] for row in ROWS if not row["manager"]]
    assert len(heads) == 1
    assert all(list(chain(row))[-1] == heads[0] for row in ROWS if row["manager"])


def test_nobody_is_above_themselves_by_a_dotted_line() -> None:
    assert [
        row["external_id"] for row in ROWS if row["external_id"] in levels_up(row)
    ] == []


@pytest.mark.parametrize(
    ("column", "role"), [("supervisor", "supervisor"), ("delegate", "delegate")]
)
def test_every_reference_names_somebody_in_that_role(column: str, role: str) -> None:
    named = [BY_ID[row[column]] for row in ROWS if row[column]]
    assert named
    assert all(role in person["roles"].split() for person in named)


def test_every_mentor_has_a_supervisor_outside_the_line() -> None:
    mentors = in_role("mentor")
    assert all(row["supervisor"] for row in mentors)
    assert all(levels_apart(row, BY_ID[row["supervisor"]]) == 99 for row in mentors)


def test_every_address_is_one_that_reaches_nobody() -> None:
    assert all(row["email"].endswith("@example.org") for row in ROWS)


def test_time_zones_are_known_and_not_all_the_same() -> None:
    assert {str(ZoneInfo(row["zone"])) for row in ROWS} == {
        "Europe/Paris",
        "Europe/London",
        "Europe/Lisbon",
    }


def test_one_sponsor_and_two_ops_people_look_after_it() -> None:
    assert (len(in_role("sponsor")), len(in_role("ops"))) == (1, 2)


@pytest.mark.parametrize(
    ("role", "column"), [("mentor", "offers"), ("mentee", "wants")]
)
def test_topics_have_every_level_and_none(role: str, column: str) -> None:
    topics = [Topic.of(text) for row in in_role(role) for text in row[column].split()]
    assert {topic.level for topic in topics} == {None, *LEVELS}


@pytest.mark.parametrize("region", MATCHED_WITHIN)
def test_a_region_has_more_seats_than_mentees(region: str) -> None:
    seats = sum(
        int(mentor["seats"]) for mentor in in_role("mentor", *MATCHED_WITHIN[region])
    )
    assert 5 <= len(in_role("mentee", region)) < seats


@pytest.mark.parametrize(
    "mentee", in_role("mentee"), ids=lambda row: row["external_id"]
)
def test_a_mentee_has_several_mentors_to_be_matched_with(mentee: Row) -> None:
    possible = [
        mentor
        for mentor in in_role("mentor", *MATCHED_WITHIN[mentee["region"]])
        if levels_apart(mentor, mentee) >= 3
        and set(mentor["languages"].split()) & set(mentee["languages"].split())
    ]
    assert len(possible) >= 5
