"""A columns file: which header is which of ours, and what their words mean."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.column_names import COLUMNS, REQUIRED_COLUMNS
from domain.people.columns_file import ColumnsFileInvalid, read_columns_file
from schemas.people import Role
from tests.unit.domain.people.files import (
    THEIR_COLUMNS,
    THEIR_HEADER,
    PeopleFile,
    read_people,
)


def read(
    *lines: str,
    header: str = THEIR_HEADER,
    columns: dict[str, Any] = THEIR_COLUMNS,
    **parts: Any,
) -> PeopleFile:
    contents = {"delimiter": ";", "columns": columns, **parts}
    data = "\r\n".join([header, *lines]).encode()
    return read_people(data, columns=read_columns_file(json.dumps(contents).encode()))


def problems(read: PeopleFile) -> list[str]:
    return [str(problem) for problem in read.problems]


def refused(text: str) -> list[str]:
    with pytest.raises(ColumnsFileInvalid) as error:
        read_columns_file(text.encode())
    return [str(problem) for problem in error.value.problems]


def test_another_header_is_read_and_two_headers_are_joined() -> None:
    (row,), wrong = read("7;Zoé;Martin;zoe@example.org;idf;;")
    assert (row.external_id, row.name, row.email, row.region, wrong) == (
        "7",
        "Zoé Martin",
        "zoe@example.org",
        "idf",
        [],
    )


def test_a_constant_is_everybodys() -> None:
    found = read(
        "7;Zoé;Martin;zoe@example.org;x;;",
        columns={**THEIR_COLUMNS, "region": "Rôle"},
        constants={"seats": 3},
    )
    assert problems(found) == ["line 2, region: empty; it is needed"]
    without = {
        column: theirs for column, theirs in THEIR_COLUMNS.items() if column != "region"
    }
    (row,), _ = read(
        "7;Zoé;Martin;zoe@example.org;x;;",
        columns=without,
        constants={"region": "idf", "seats": 3},
    )
    assert (row.region, row.seats) == ("idf", 3)


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("Jeune talent", frozenset({Role.MENTOR})),
        ("jeune TALENT|Parrain", frozenset({Role.MENTOR, Role.SUPERVISOR})),
        ("mentor | Cadre", frozenset({Role.MENTOR})),
        ("", frozenset()),
    ],
)
def test_their_words_become_ours_one_by_one(cell: str, roles: frozenset[Role]) -> None:
    words = {"Jeune talent": "mentor", "Parrain": "supervisor", "Cadre": ""}
    columns = {**THEIR_COLUMNS, "roles": "Rôle"}
    (row,), wrong = read(
        f"7;Zoé;M;z@example.org;idf;{cell};",
        columns=columns,
        values={"roles": words},
        separators={"roles": "|"},
    )
    assert (row.roles, len(wrong)) == (roles, 0)


@pytest.mark.parametrize(
    ("cell", "offers"),
    [
        ("Intelligence artificielle", {"ai_tools"}),
        ("intelligence ARTIFICIELLE : 3", {"ai_tools:3"}),
        (
            "Numérique:1|Intelligence artificielle:2",
            {"data:1", "security:1", "ai_tools:2"},
        ),
        ("climate:2|Expert du climat", {"climate:2", "sea:3"}),
        ("Autre:2|climate", {"climate"}),
        ("Autre|climate", {"climate"}),
    ],
)
def test_a_level_behind_their_word_for_a_topic_stays(
    cell: str, offers: set[str]
) -> None:
    words = {
        "Intelligence artificielle": "ai_tools",
        "Numérique": "data security",
        "Expert du climat": "sea:3",
    }
    (row,), wrong = read(
        f"7;Zoé;M;z@example.org;idf;{cell};",
        columns={**THEIR_COLUMNS, "offers": "Rôle"},
        values={"offers": {**words, "Autre": ""}},
        separators={"offers": "|"},
    )
    assert (row.offers, len(wrong)) == (frozenset(offers), 0)


def test_a_word_that_is_not_among_them_is_refused_with_its_line() -> None:
    found = read(
        "7;Zoé;M;z@example.org;idf;Chef;",
        columns={**THEIR_COLUMNS, "roles": "Rôle"},
        values={"roles": {"A": "mentor"}},
    )
    assert problems(found)[0].startswith("line 2, roles: unknown role; allowed")


def test_a_column_that_is_not_mentioned_is_read_from_a_header_of_our_name() -> None:
    (row,), _ = read(
        "7;Zoé;M;z@example.org;idf;Lyon",
        header="Matricule;Prénom;Nom;E-mail;Division;site",
    )
    assert row.site == "Lyon"


HEADERS = [
    (
        "Matricule;Prénom;Nom;Email;Division",
        ["line 1, email: its header is not in the file; did you mean Email?"],
    ),
    (
        "Matricule;Prénom;Nom;Division",
        [
            "line 1, email: its header is not in the file; write it exactly as in the file's"
        ],
    ),
    (
        "Matricule;Nom;Prénom;Nom;E-mail;Division",
        ["line 1, name: its header is in the file more than once; rename"],
    ),
    (
        "Matricule,Prénom",
        [
            "line 1, external_id: its header is not in the file, which has one column only; say"
        ],
    ),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_a_header_that_the_file_does_not_have_is_named(
    header: str, expected: list[str]
) -> None:
    found = problems(read("x", header=header))
    assert found[0].startswith(expected[0])


def test_what_is_needed_must_come_from_somewhere() -> None:
    found = problems(
        read(
            "x;y",
            header="Matricule;Nom",
            columns={"external_id": "Matricule", "name": "Nom"},
        )
    )
    assert found == [
        f"line 1, {column}: no header and no constant for it; it is needed"
        for column in ("email", "region")
    ]


WRONG = [
    ('[columns]\nemial = "x"', "columns.emial: unknown; did you mean email?"),
    ('column = "x"', "column: unknown; did you mean columns?"),
    ('email = "x"', "email: unknown here; did you mean columns.email?"),
    (
        '[columns]\nname = "Nom"\nsite = "Nom"',
        "columns.site: the header is at columns.name too; one column each",
    ),
    (
        '[columns]\nsite = "S"\n[constants]\nsite = "x"',
        "constants.site: the column has a header too; choose one",
    ),
    ("[columns]\nname = 3", "columns.name: not a header; write it as in the file"),
    (
        '[constants]\nzone = "Paris!"\nroles = "boss"',
        "constants.roles: unknown role; allowed",
    ),
    (
        '[constants]\nexternal_id = "1"',
        "constants.external_id: differs from person to person",
    ),
    ('[separators]\nname = ","', "separators.name: holds one value; lists are roles"),
    ('[values.roles]\n"X" = "boss"', "values.roles: unknown role; allowed"),
    ('[values]\nroles = "X"', "values.roles: not a group of words"),
    (
        'delimiter = "x"',
        "delimiter: not a delimiter; allowed: a comma, a semicolon, a tab or |",
    ),
    ("columns = 3", "columns: not a group of our columns"),
]


@pytest.mark.parametrize(
    ("text", "expected"), WRONG, ids=[expected[:30] for _, expected in WRONG]
)
def test_what_is_wrong_in_a_columns_file_is_named(text: str, expected: str) -> None:
    assert any(
        problem.startswith(f"columns file, {expected}") for problem in refused(text)
    )


@pytest.mark.parametrize(
    "text", ["{", "[columns", "\x00", "{" * 5000, '{"columns": {}']
)
def test_what_is_no_columns_file_is_refused(text: str) -> None:
    assert refused(text)[0].startswith("columns file: ")


TEXTS = st.sampled_from(
    ["", "name", "roles", "windows", "x", ",", ";", "\ud800", "mentor"]
) | st.text(max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXTS | st.sampled_from(COLUMNS), inner, max_size=3)
    ),
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["columns", "constants", "separators", "values", "delimiter", "x"]
        ),
        VALUES,
    )
)
def test_whatever_a_columns_file_holds_it_is_accepted_or_refused(
    contents: dict[str, Any],
) -> None:
    try:
        columns = read_columns_file(json.dumps(contents).encode())
    except ColumnsFileInvalid as refused:
        assert all(str(problem).encode() for problem in refused.problems)
    else:
        assert read_people(b"external_id,name,email,region\n1,2,3,4", columns=columns)


def test_the_example_in_the_documentation_is_accepted() -> None:
    page = (Path(__file__).parents[4] / "docs/ops.md").read_text("utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.M | re.S)
    assert set(REQUIRED_COLUMNS) <= read_columns_file(example.encode()).headers.keys()
