"""A people file: every mistake with its line, all of them at once, nothing repeated."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.cells import LEVELLED, CellInvalid, read_cells
from domain.people.columns_file import COLUMNS
from domain.people.people_file import KEPT, PeopleReader, read_people
from schemas.calendar import Window
from schemas.ids import is_code
from schemas.people import PersonRow, Role
from schemas.topics import LEVELS, Topic

EXAMPLE = Path(__file__).parents[4] / "examples" / "people.csv"
HEADER = ",".join(COLUMNS)


def person(**cells: str) -> str:
    given = {
        "external_id": "E1",
        "name": "Jade",
        "email": "jade@example.org",
        "region": "idf",
        **cells,
    }
    return ",".join(
        '"' + given.get(column, "").replace('"', '""') + '"' for column in COLUMNS
    )


def file(*lines: str) -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).encode()


def problems(data: bytes, **known: Any) -> list[str]:
    return [str(problem) for problem in read_people(data, known).problems]


def row(**cells: str) -> PersonRow:
    rows, found = read_people(file(person(**cells)))
    assert not found
    return rows[0]


CELLS = [
    ("external_id", "", "empty; it is needed"),
    ("external_id", "x" * 81, "too long; allowed: up to 80 characters"),
    ("name", "", "empty; it is needed"),
    (
        "name",
        "Jade\nEvil: header",
        "holds a line break or another control character; leave it out",
    ),
    (
        "name",
        "Jade\u2028Evil",
        "holds a line break or another control character; leave it out",
    ),
    (
        "name",
        "Jade\u202eliv",
        "holds a line break or another control character; leave it out",
    ),
    ("email", "", "empty; it is needed"),
    ("email", "jade", "not an e-mail address; write it like first.last@example.org"),
    ("email", "jade@x@example.org", "not an e-mail address"),
    ("email", "jadé@example.org", "not an e-mail address"),
    ("email", "jade@localhost", "not an e-mail address"),
    ("email", "jade..x@example.org", "not an e-mail address"),
    ("region", "Île de France", "not a code; allowed: lower-case letters"),
    (
        "roles",
        "mentor boss",
        "unknown role; allowed, with spaces between: mentor, mentee, supervisor",
    ),
    ("locale", "de", "not a language of the mails; allowed: en, fr"),
    ("zone", "Paris", "unknown time zone; allowed: an IANA name such as Europe/Paris"),
    ("seats", "0", "not a number of seats; allowed: from 1 to 9"),
    ("seats", "two", "not a number of seats"),
    ("languages", "français", "not language codes; write them like: fr en"),
    ("offers", "Social Media", "not codes with spaces between"),
    ("offers", "ai:4", f"unknown level of a topic; {LEVELLED}"),
    ("offers", "sea ai:0", f"unknown level of a topic; {LEVELLED}"),
    ("wants", "ai:x", f"unknown level of a topic; {LEVELLED}"),
    ("wants", "ai:", f"unknown level of a topic; {LEVELLED}"),
    ("wants", "ai:02", f"unknown level of a topic; {LEVELLED}"),
    ("wants", "ai:\u0662", f"unknown level of a topic; {LEVELLED}"),
    ("wants", "ai:1:2", f"unknown level of a topic; {LEVELLED}"),
    ("wants", ":2", "not codes with spaces between"),
    ("wants", "ai : 2", "not codes with spaces between"),
    (
        "offers",
        "ai:1 ai:2",
        "a topic stands twice with different levels, or once without; keep one of them",
    ),
    (
        "wants",
        "ai:1 sea ai",
        "a topic stands twice with different levels, or once without; keep one of them",
    ),
    (
        "windows",
        "monday 9-12",
        "not weekly windows; write them like: mon 09:00-12:00; wed 14:00-17:30",
    ),
    ("windows", "mon 12:00-09:00", "a window ends before it begins, or after 24:00"),
    ("windows", "mon 09:00-24:30", "a window ends before it begins, or after 24:00"),
    ("windows", "mon 09:60-12:00", "not weekly windows"),
    ("windows", "mon 09:00-12:00; mon 11:00-13:00", "two windows of a day overlap"),
    ("site", "x" * 201, "too long; allowed: up to 200 characters"),
    ("offers", " ".join(f"t{n}" for n in range(41)), "too many; allowed: up to 40"),
    ("manager", "E1", "names the person themselves"),
    ("manager", "E9", "names somebody who is neither in this file nor imported"),
    (
        "dotted_managers",
        "E9",
        "names somebody who is neither in this file nor imported",
    ),
    ("supervisor", "E9", "names somebody who is neither in this file nor imported"),
    ("delegate", "E9", "names somebody who is neither in this file nor imported"),
]


@pytest.mark.parametrize(
    ("column", "cell", "expected"), CELLS, ids=[f"{c}-{e[:24]}" for c, _, e in CELLS]
)
def test_a_wrong_cell_is_named_with_line_and_column(
    column: str, cell: str, expected: str
) -> None:
    (only,) = problems(file(person(**{column: cell})))
    assert only.startswith(f"line 2, {column}: {expected}")


FILES = [
    (b"", "file: empty; the first line reads: external_id,"),
    (HEADER.encode(), "file: holds nobody"),
    (
        file(person(site="x" * 2**20)),
        "line 2: a quote that is not closed, or a cell too long",
    ),
    (
        file(person()).replace(b"Jade", b"Ja\0de"),
        "line 2, name: holds a line break or another control character",
    ),
    (
        ",".join([*COLUMNS, *(f"c{n}" for n in range(182))]).encode(),
        "line 1: the header has columns in another order",
    ),
    (file(person() + "," * 182), "line 2: 200 columns instead of 18"),
    (
        file(person(), person(external_id="E2", seats="x")).replace(b"\r\n", b"\r"),
        "line 3, seats: not a number of",
    ),
    (
        file(person(), person(external_id="E2")).replace(b"\r\n", b"\r") + b"\xe9",
        "line 4: not UTF-8",
    ),
    (file(person()).decode().encode("utf-16"), "line 1: not UTF-8"),
    (
        HEADER.replace(",", ";").encode() + b"\n",
        "line 1: separated by semicolons or tabs; save it as CSV with commas",
    ),
    (
        HEADER.replace("email,", "").encode(),
        "line 1: the header lacks email; it reads exactly: external_id,",
    ),
    (
        HEADER.encode() + b",age\n",
        "line 1: the header has columns in another order, or more of them",
    ),
    (
        file("a,b"),
        "line 2: 2 columns instead of 18; put a value that holds a comma into quotes",
    ),
    (file(person(), '"open'), "line 3: a quote that is not closed"),
    (
        file(person()) + b"\xe9",
        'line 3: not UTF-8; in the spreadsheet, save as "CSV UTF-8"',
    ),
]


@pytest.mark.parametrize(
    ("data", "expected"), FILES, ids=[expected[:30] for _, expected in FILES]
)
def test_a_file_of_another_kind_is_refused(data: bytes, expected: str) -> None:
    (only,) = problems(data)
    assert only.startswith(expected)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    data = file(person(email="x", seats="x"), person(), person(region="X Y"))
    assert [p.split(":")[0] for p in problems(data)] == [
        "line 2, email",
        "line 2, seats",
        "line 3, external_id",
        "line 4, external_id",
        "line 4, region",
    ]


@pytest.mark.parametrize(
    "wrong", [{"zone": "Paris"}, {"email": "x"}, {"region": ""}, {"windows": "x"}]
)
def test_one_wrong_cell_is_one_problem_though_others_name_the_person(
    wrong: dict[str, str],
) -> None:
    assert (
        len(problems(file(person(external_id="BOSS", **wrong), person(manager="BOSS"))))
        == 1
    )


def test_a_line_too_short_is_one_problem_though_others_name_the_person() -> None:
    assert len(problems(file("BOSS,Somebody", person(manager="BOSS")))) == 1


def test_a_line_counts_where_it_begins() -> None:
    data = file(
        person(external_id="E1", site="two\nlines"),
        "",
        person(external_id="E2", seats="x"),
    )
    assert [p.split(":")[0] for p in problems(data)] == [
        "line 2, site",
        "line 5, seats",
    ]


def test_of_very_many_mistakes_the_first_are_kept_and_the_others_counted() -> None:
    reader = PeopleReader(
        file(*(person(external_id=f"E{n}", seats="x") for n in range(1000)))
    )
    assert sum(map(len, reader.batches(100))) == 1000
    assert (reader.count, len(reader.problems), reader.problems[-1].line) == (
        1000,
        KEPT,
        KEPT + 1,
    )


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", 0),
        (b"a", 0),
        (b"a\nb", 1),
        (b"a\r\nb\r\n", 1),
        (b"a\rb\rc", 2),
        (b"a\n\nb\n", 2),
        (b"a\n\xff\n", 1),
    ],
)
def test_lines_are_counted_before_they_are_read(data: bytes, lines: int) -> None:
    assert PeopleReader(data).total == lines


def test_how_far_a_file_is_read_counts_lines_that_are_empty_or_wrong() -> None:
    reader = PeopleReader(
        file(
            person(), "", "too,few", person(external_id="E2"), person(external_id="E3")
        )
    )
    next(batches := reader.batches(2))
    assert (reader.read, reader.total) == (3, 5)
    assert (len(list(batches)), reader.read) == (1, 5)


def test_a_circle_of_very_many_lists_some_of_its_lines() -> None:
    (only,) = problems(
        file(
            *(
                person(external_id=f"E{n}", manager=f"E{(n + 1) % 5000}")
                for n in range(5000)
            )
        )
    )
    assert "(lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 4,990 more)" in only


def test_the_same_id_twice_names_the_first_line() -> None:
    assert problems(file(person(), person())) == [
        "line 3, external_id: the same as on line 2; everybody stands once"
    ]


@pytest.mark.parametrize("length", [2, 3, 50])
def test_a_circle_is_told_once_with_its_lines(length: int) -> None:
    people = [
        person(external_id=f"E{n}", manager=f"E{(n + 1) % length}")
        for n in range(length)
    ]
    outside = person(external_id="X", manager="E0")
    (only,) = problems(file(outside, *people))
    assert only.startswith(
        f"line 3, manager: {length} people report to one another in a circle (lines 3, 4"
    )


def test_a_circle_through_people_imported_before_is_found() -> None:
    (only,) = problems(file(person(external_id="E1", manager="OLD")), OLD=("E1",))
    assert only.startswith(
        "line 2, manager: 2 people report to one another in a circle (with people imported before)"
    )


LINE = (
    person(external_id="HEAD"),
    person(external_id="MID", manager="HEAD", dotted_managers="DOT"),
    person(external_id="DOT"),
)
MENTOR = {"external_id": "M", "roles": "mentor"}
SUPERVISORS: list[tuple[str, dict[str, str], str | None]] = [
    (
        "the manager",
        {"manager": "MID", "supervisor": "MID"},
        "stands above the mentor; choose somebody outside",
    ),
    (
        "a manager's manager",
        {"manager": "MID", "supervisor": "HEAD"},
        "stands above the mentor",
    ),
    (
        "above by a dotted line",
        {"manager": "MID", "supervisor": "DOT"},
        "stands above the mentor",
    ),
    (
        "imported before",
        {"manager": "OLD", "supervisor": "OLDER"},
        "stands above the mentor",
    ),
    (
        "a report",
        {"supervisor": "UNDER"},
        "reports to the mentor; choose somebody outside",
    ),
    ("beside them, under one manager", {"manager": "HEAD", "supervisor": "MID"}, None),
    (
        "nobody's supervisor",
        {"roles": "mentee", "manager": "MID", "supervisor": "MID"},
        None,
    ),
]


@pytest.mark.parametrize("case", SUPERVISORS, ids=[case[0] for case in SUPERVISORS])
def test_a_supervisor_in_the_mentors_own_line_is_refused(
    case: tuple[str, dict[str, str], str | None],
) -> None:
    _, cells, expected = case
    found = problems(
        file(*LINE, person(**{**MENTOR, **cells})),
        OLD=(None, "OLDER"),
        OLDER=(None,),
        UNDER=("OLD", "M"),
    )
    assert [f"line 5, supervisor: {expected}" in problem for problem in found] == (
        [True] if expected else []
    )


def test_somebody_imported_before_may_be_named() -> None:
    assert problems(file(person(manager="OLD")), OLD=(None,)) == []


def test_cells_become_what_they_mean() -> None:
    found = row(
        roles="mentor supervisor",
        languages="en fr",
        windows="wed 14:00-17:30; mon 9:00-12:00",
        seats="2",
    )
    assert found.roles == {Role.MENTOR, Role.SUPERVISOR}
    assert found.languages == {"en", "fr"}
    assert found.windows == (
        Window(day=0, start=540, end=720),
        Window(day=2, start=840, end=1050),
    )
    assert found.seats == 2


def test_topics_keep_the_level_that_is_given() -> None:
    found = row(offers="ai_tools:3 climate  ai_tools:3", wants="sea:1")
    assert (sorted(found.offers), sorted(found.wants)) == (
        ["ai_tools:3", "climate"],
        ["sea:1"],
    )


TOPIC = st.from_regex(r"(ai|sea|A|-|é)?(:[0-4x]?)?", fullmatch=True)


@given(
    st.lists(TOPIC, max_size=4).map(" ".join)
    | st.text(st.characters(exclude_categories=["Cc", "Cs"]))
)
def test_any_topics_are_one_to_a_code_with_a_level_that_exists_or_refused(
    cell: str,
) -> None:
    try:
        found = read_cells("wants", cell.strip()).get("wants", frozenset())
    except CellInvalid:
        return
    topics = [Topic.of(text) for text in found]
    assert {str(topic) for topic in topics} == set(cell.split())
    assert all(
        is_code(topic.code) and topic.level in (None, *LEVELS) for topic in topics
    )
    assert len({topic.code for topic in topics}) == len(topics)


def test_empty_cells_take_their_defaults() -> None:
    found = row()
    assert (found.locale, found.zone, found.seats, found.manager) == (
        None,
        "Europe/Paris",
        1,
        None,
    )


def test_the_mark_with_which_spreadsheets_begin_utf_8_is_skipped() -> None:
    assert problems(b"\xef\xbb\xbf" + file(person())) == []


def test_the_example_is_right() -> None:
    rows, found = read_people(EXAMPLE.read_bytes())
    assert (found, len(rows) >= 80) == ([], True)


@given(
    st.binary()
    | st.lists(st.lists(st.text(), min_size=18, max_size=18)).map(
        lambda rows: file(
            *(person(**dict(zip(COLUMNS, cells, strict=True))) for cells in rows)
        )
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    rows, found = read_people(data)
    assert rows or found


def test_no_value_is_repeated() -> None:
    secret = "Zz@yzx!\u00e9"
    data = file(person(**dict.fromkeys(COLUMNS, secret)))
    assert problems(data)
    assert not any(secret in problem for problem in problems(data))
