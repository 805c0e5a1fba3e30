"""What a programme document says: its own values, its template's, and the defaults."""

from pathlib import Path

import pytest

from activities.persistence.templates import TemplateFolder
from domain.programme.document import read_document
from schemas.policy import Policy
from tests.unit.domain.programme.documents import raw, read

EXAMPLES = TemplateFolder(Path(__file__).parents[4] / "examples")


def test_a_template_gives_its_policy_and_nothing_else() -> None:
    document = read(template="short")
    assert (document.sessions.count, document.programme, document.sender) == (
        3,
        "pilot",
        "mentoring",
    )


def test_own_values_win_over_the_template_one_by_one() -> None:
    sessions = read(template="short", sessions={"count": 5}).sessions
    assert (sessions.count, sessions.length.total_seconds()) == (5, 7200)


def test_a_regions_own_values_win_over_both() -> None:
    document = read(
        template="short",
        regions=[{"region": "a", "sessions": {"length": "45 minutes"}}],
    )
    sessions = document.policy_of(document.regions[0]).sessions
    assert (sessions.count, sessions.length.total_seconds()) == (3, 2700)


def test_without_anything_the_defaults_hold() -> None:
    document = read()
    assert document.policy_of(document.regions[0]) == Policy()


@pytest.mark.parametrize("name", EXAMPLES.names())
def test_every_shipped_example_is_accepted(name: str) -> None:
    assert read_document(EXAMPLES.load(name), EXAMPLES)[1] == []


@pytest.mark.parametrize("name", EXAMPLES.names())
def test_every_shipped_example_is_a_template(name: str) -> None:
    document, problems = read_document(raw(template=name), EXAMPLES)
    assert document is not None, problems
