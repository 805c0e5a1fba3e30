"""A people file: every mistake with its line, all of them at once, nothing repeated."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.column_names import COLUMNS
from domain.people.people_file import MOST_KEPT_PROBLEMS, PeopleReader
from tests.unit.domain.people.files import HEADER, file, person, problems, read_people

EXAMPLE = Path(__file__).parents[4] / "examples" / "people.csv"


FILES = [
    (b"", "file: empty; the first line reads: external_id,"),
    (HEADER.encode(), "file: holds nobody"),
    (
        file(person(site="x" * 2**20)),
        "line 2: a quote that is not closed, or a cell too long",
    ),
    (
        file(person()).replace(b"Jade", b"Ja\0de"),
        "line 2, name: character 3 is U+0000 (NUL), which cannot be seen; delete it",
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
    assert (reader.problem_count, len(reader.problems), reader.problems[-1].line) == (
        1000,
        MOST_KEPT_PROBLEMS,
        MOST_KEPT_PROBLEMS + 1,
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
    assert PeopleReader(data).line_count == lines


def test_how_far_a_file_is_read_counts_lines_that_are_empty_or_wrong() -> None:
    reader = PeopleReader(
        file(
            person(), "", "too,few", person(external_id="E2"), person(external_id="E3")
        )
    )
    next(batches := reader.batches(2))
    assert (reader.lines_read, reader.line_count) == (3, 5)
    assert (len(list(batches)), reader.lines_read) == (1, 5)


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
