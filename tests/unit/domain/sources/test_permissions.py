"""Who may send what: a table of sources and events."""

from typing import Any

import pytest

from domain.sources.granting import EVERYTHING, Preset, scope_of
from domain.sources.permissions import may_see_people, ungranted
from schemas.cloud_events import CATALOGUE, CloudEvent
from schemas.records.sources import SourceScope

PLATFORM = scope_of()
DIRECTORY = scope_of([Preset.DIRECTORY])
SURVEY = scope_of([Preset.SURVEY])
SITES = scope_of(types=["person_moved", "person_upserted"], columns=["site", "back"])
NAMES = scope_of([Preset.DIRECTORY], columns=["name", "email"])
FORGED = SITES.model_copy(update={"columns": SITES.columns | {"email", "delegate"}})
"""As only somebody could write it who has the table."""


def event(name: str, **data: Any) -> CloudEvent:
    return CloudEvent(
        specversion="1.0",
        id="1",
        source="/s",
        type=f"binome.{name}.v1",
        subject="E1",
        data=data,
    )


CASES = [
    # source    event                                              places that are not granted
    (PLATFORM, event("module_completed", module="x"), []),
    (PLATFORM, event("held", session=1), ["type"]),
    (PLATFORM, event("person_upserted", email="x"), ["type"]),
    (SURVEY, event("pulse_received", session=1, score=4), []),
    (SURVEY, event("module_completed", module="x"), ["type"]),
    (DIRECTORY, event("person_upserted", email="x", roles="ops", back=True), []),
    (DIRECTORY, event("person_left"), []),
    (DIRECTORY, event("pulse_received", session=1, score=4), ["type"]),
    (DIRECTORY, event("charter_signed"), ["type"]),
    (SITES, event("person_moved", site="x", effective="2027-04-01"), []),
    (SITES, event("person_upserted", back=True), []),
    (SITES, event("person_moved", site="x", region="y"), ["data.region"]),
    (SITES, event("person_upserted", delegate=None), ["data.delegate"]),
    (SITES, event("person_upserted", site="x", unknown="y"), []),
    (NAMES, event("person_upserted", email="x"), []),
    (NAMES, event("person_upserted", roles="ops", email="x"), ["data.roles"]),
    (FORGED, event("person_upserted", email="x", delegate="y"), ["data.delegate", "data.email"]),
    (EVERYTHING, event("charter_signed"), []),
    # refused elsewhere, with the nearest known
    (PLATFORM, event("module_complet"), []),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "sent", "places"), CASES)
def test_what_a_source_was_not_granted_is_named(
    scope: SourceScope, sent: CloudEvent, places: list[str]
) -> None:
    assert [problem.path for problem in ungranted(scope, sent)] == places


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_source_that_was_granted_nothing_may_send_nothing(name: str) -> None:
    sent = event(name.split(".")[1])
    assert ungranted(SourceScope(types=frozenset()), sent)


def test_a_refusal_repeats_no_value() -> None:
    (problem,) = ungranted(SITES, event("person_upserted", email="ana@example.org"))
    assert "ana" not in str(problem) and "granted: back, site" in str(problem)


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (PLATFORM, False),
        (SURVEY, False),
        (SITES, False),
        (DIRECTORY, True),
        (NAMES, True),
        (EVERYTHING, True),
        (EVERYTHING.model_copy(update={"programmes": frozenset({"pilot"})}), False),
    ],
)
def test_only_a_directory_of_every_programme_sees_who_is_known(
    scope: SourceScope, sees: bool
) -> None:
    assert may_see_people(scope) is sees
