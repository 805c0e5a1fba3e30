"""The programme documents shipped as examples are valid, and what they claim to be."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.policy import Approval, Opening, Policy
from schemas.programme import ProgrammeDocument

EXAMPLES = Path(__file__).parents[3] / "examples"
TEMPLATES = ("cofely", "axa", "orange")


def document(name: str) -> ProgrammeDocument:
    return ProgrammeDocument.model_validate(
        json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    )


def policy(name: str) -> Policy:
    found = document(name)
    return found.policy_of(found.regions[0])


def test_every_document_here_is_tried() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == {"demo", *TEMPLATES}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_named_as_its_file_and_begins_with_the_executive_committee(
    name: str,
) -> None:
    found = document(name)
    assert (found.programme, found.regions[0].region) == (name, "comex")


def test_cofely_rehearses_and_then_holds_three_sessions_of_two_hours() -> None:
    rules = policy("cofely")
    assert rules.training.rehearsal
    assert (rules.sessions.count, rules.sessions.length) == (3, timedelta(hours=2))


def test_cofely_goes_on_with_regional_divisions() -> None:
    assert {region.after for region in document("cofely").regions[1:]} == {"comex"}


def test_axa_spreads_six_sessions_of_an_hour_over_a_year() -> None:
    sessions = policy("axa").sessions
    assert (sessions.count, sessions.length) == (6, timedelta(minutes=60))
    assert (
        timedelta(days=300)
        <= sessions.every * (sessions.count - 1)
        <= timedelta(days=366)
    )


def test_orange_allows_half_an_hour_instead_of_an_hour() -> None:
    sessions = policy("orange").sessions
    assert (sessions.length, sessions.half_hour) == (timedelta(minutes=60), True)


def test_the_demo_passes_a_day_in_two_seconds() -> None:
    rehearsal = document("demo").rehearsal
    assert rehearsal is not None
    assert rehearsal.pace == timedelta(days=1) / timedelta(seconds=2)


def test_the_demo_waits_for_nobody_to_approve_or_to_open() -> None:
    found = document("demo")
    assert found.matching.approval is Approval.AUTOMATIC
    assert all(
        region.opening is Opening.AUTOMATIC for region in found.regions if region.after
    )


def test_the_demo_trains_for_a_week_and_holds_three_weekly_sessions() -> None:
    rules = policy("demo")
    week = timedelta(weeks=1)
    assert (rules.training.within, rules.sessions.count, rules.sessions.every) == (
        week,
        3,
        week,
    )
