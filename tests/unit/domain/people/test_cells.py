"""One cell of a people file: what it may hold, and what it becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.cells import LEVEL_HINT, CellInvalid, read_cell
from schemas.ids import is_code
from schemas.matches.topics import LEVELS, Topic
from schemas.people import Role
from schemas.time.calendar import Window
from tests.unit.domain.people.files import file, person, problems, row

CELLS = [
    ("external_id", "", "empty; it is needed"),
    ("external_id", "x" * 81, "too long; allowed: up to 80 characters"),
    ("name", "", "empty; it is needed"),
    ("name", "Jade\nEvil: header", "character 5 is U+000A (line break), which cannot"),
    ("name", "Jade\u2028Evil", "character 5 is U+2028 (line separator), which cannot"),
    ("name", "Jade\u202eliv", "character 5 is U+202E (right-to-left override), which"),
    ("site", "Ly\u00adon", "character 3 is U+00AD (soft hyphen), which cannot be seen"),
    ("region", "idf\u200bx", "character 4 is U+200B (zero width space), which cannot"),
    (
        "external_id",
        "E\u00a01001",
        "character 2 is U+00A0 (no-break space), which looks like a space and is none;"
        " write the id as the HR system does",
    ),
    (
        "manager",
        "E\u202f9",
        "character 2 is U+202F (narrow no-break space), which looks",
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
    ("offers", "ai:4", f"unknown level of a topic; {LEVEL_HINT}"),
    ("offers", "sea ai:0", f"unknown level of a topic; {LEVEL_HINT}"),
    ("wants", "ai:x", f"unknown level of a topic; {LEVEL_HINT}"),
    ("wants", "ai:", f"unknown level of a topic; {LEVEL_HINT}"),
    ("wants", "ai:02", f"unknown level of a topic; {LEVEL_HINT}"),
    ("wants", "ai:\u0662", f"unknown level of a topic; {LEVEL_HINT}"),
    ("wants", "ai:1:2", f"unknown level of a topic; {LEVEL_HINT}"),
    ("wants", ":2", "not codes with spaces between"),
    ("wants", "ai : 2", "not codes with spaces between"),
    (
        "offers",
        "ai:1 ai:2",
        "a topic is there twice with different levels, or once without; keep one of them",
    ),
    (
        "wants",
        "ai:1 sea ai",
        "a topic is there twice with different levels, or once without; keep one of them",
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


def test_every_kind_of_space_becomes_the_ordinary_one() -> None:
    found = row(name="李\u3000小龍", function="M.\u00a0le\u202fdirecteur")
    assert (found.name, found.function) == ("李 小龍", "M. le directeur")


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
        found = read_cell("wants", cell.strip()).get("wants", frozenset())
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
