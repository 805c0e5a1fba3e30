"""What `binome sources add` grants: a table of what is asked for."""

from typing import Any

import pytest

from domain.sources.granting import (
    COLUMNS,
    IDENTITY_COLUMNS,
    PRESETS,
    GrantInvalid,
    Preset,
    scope_of,
    short_name,
)
from schemas.cloud_events import CATALOGUE

PEOPLE = {
    "person_upserted",
    "manager_changed",
    "person_moved",
    "person_left",
    "person_paused",
    "person_resumed",
}
P = Preset
GRANTED: list[tuple[dict[str, Any], set[str], frozenset[str]]] = [
    # asked for                             types that are granted     columns of people
    ({}, {"module_completed"}, frozenset()),
    ({"presets": [P.LEARNING_PLATFORM]}, {"module_completed"}, frozenset()),
    ({"presets": [P.DIRECTORY]}, PEOPLE, COLUMNS),
    ({"presets": [P.SURVEY]}, {"pulse_received"}, frozenset()),
    ({"presets": [P.CALENDAR]}, {"answered", "windows_given"}, frozenset()),
    # types alone are all that is granted, by either name
    ({"types": ["held"]}, {"held"}, frozenset()),
    ({"types": ["binome.held.v1"]}, {"held"}, frozenset()),
    # beside a preset they are added, and so are presets
    ({"presets": [P.SURVEY], "types": ["held"]}, {"pulse_received", "held"}, frozenset()),
    (
        {"presets": [P.SURVEY, P.LEARNING_PLATFORM]},
        {"pulse_received", "module_completed"},
        frozenset(),
    ),
    # columns that are named are the only ones
    ({"presets": [P.DIRECTORY], "columns": ["name", "email"]}, PEOPLE, frozenset({"name", "email"})),
    (
        {"types": ["person_moved"], "columns": ["site"]},
        {"person_moved"},
        frozenset({"site"}),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "types", "columns"), GRANTED)
def test_a_source_is_granted_what_was_asked_for_and_no_more(
    asked: dict[str, Any], types: set[str], columns: frozenset[str]
) -> None:
    scope = scope_of(**asked)
    assert ({short_name(each) for each in scope.types}, scope.columns) == (
        types,
        columns,
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"types": ["hold"]}, "--type: unknown; did you mean held?"),
        ({"types": ["concern_raised"]}, "--type: unknown;"),
        (
            {"types": ["person_moved"], "columns": ["sit"]},
            "--column: unknown; did you mean site?",
        ),
        ({"columns": ["site"]}, "--column: no type that is granted has columns"),
        ({"types": ["person_upserted"]}, "say what of them with --column"),
        (
            {"types": ["person_upserted"], "columns": ["site", "roles", "email"]},
            "--column: email, roles decides",
        ),
        (
            {"presets": [P.DIRECTORY], "programmes": ["pilot"]},
            "holds in every programme",
        ),
        (
            {"presets": [P.CALENDAR], "programmes": ["pilot"]},
            "--programme: windows_given holds in every programme",
        ),
    ],
)
def test_what_would_grant_nothing_or_too_much_is_refused(
    asked: dict[str, Any], why: str
) -> None:
    with pytest.raises(GrantInvalid) as refused:
        scope_of(**asked)
    assert why in str(refused.value)


@pytest.mark.parametrize("preset", [each for each in P if each is not P.DIRECTORY])
def test_only_a_directory_may_change_who_gets_mail_or_see_who_is_known(
    preset: Preset,
) -> None:
    scope = PRESETS[preset]
    assert not scope.directory and not scope.columns & IDENTITY_COLUMNS


def test_every_preset_is_made_of_types_that_there_are() -> None:
    assert frozenset[str]().union(*(p.types for p in PRESETS.values())) <= set(
        CATALOGUE
    )
