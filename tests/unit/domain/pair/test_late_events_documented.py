"""The page about events: every code has words, every event is sent, every situation is what it is called."""

import ast
from pathlib import Path

import pytest

import domain.pair
from schemas.base import LenientModel
from schemas.events import SIGNALS, UPDATES, InvitationAnswered
from schemas.stages import Stage
from tools.docs.events import played
from tools.docs.example_pairs import SITUATIONS
from tools.docs.late_events import LATE_EVENTS
from tools.docs.outcomes import IGNORED, outcome
from tools.docs.sent_events import SENT_EVENTS

FOLDER = Path(domain.pair.__file__).parent


def codes() -> set[str]:
    """Every code that the lifecycle gives, read from its text: whatever is handed to `ignore` or as `ignored`."""
    given: list[ast.expr] = []
    for file in FOLDER.glob("*.py"):
        calls = [
            node
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Call)
        ]
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "ignore":
                given += call.args
            given += [
                keyword.value for keyword in call.keywords if keyword.arg == "ignored"
            ]
    branches = [
        b
        for e in given
        for b in ((e.body, e.orelse) if isinstance(e, ast.IfExp) else (e,))
    ]
    assert all(isinstance(branch, ast.Constant) for branch in branches), (
        "a code is written where it is given"
    )
    return {
        branch.value
        for branch in branches
        if isinstance(branch, ast.Constant) and isinstance(branch.value, str)
    }


def test_every_code_has_words_and_there_are_no_others() -> None:
    assert set(IGNORED) == codes()


@pytest.mark.parametrize("words", IGNORED.values())
def test_the_words_of_a_code_are_one_sentence_for_a_table(words: str) -> None:
    assert words.endswith(".") and ". " not in words and "|" not in words


def test_every_signal_and_update_is_sent_and_no_other() -> None:
    assert set(SENT_EVENTS) == {model.kind for model in (*SIGNALS, *UPDATES)}


@pytest.mark.parametrize("kind", SENT_EVENTS)
def test_what_is_sent_is_of_its_kind(kind: str) -> None:
    states = [
        make().state
        for situations in SITUATIONS.values()
        for make in situations.values()
    ]
    assert {
        aim(state).kind for aim in SENT_EVENTS[kind].values() for state in states
    } == {kind}


@pytest.mark.parametrize("stage", Stage)
def test_every_situation_is_in_its_stage(stage: Stage) -> None:
    assert {make().state.stage for make in SITUATIONS[stage].values()} == {stage}


def test_every_signal_and_update_changes_something_somewhere() -> None:
    outcomes = {
        kind: [
            row.outcome_text
            for paused in (False, True)
            for row in played(kind, paused=paused)
        ]
        for kind in SENT_EVENTS
    }
    assert [
        kind
        for kind, all_of in outcomes.items()
        if all(t.startswith(("nothing", "refused")) for t in all_of)
    ] == []


def test_late_arrivals_show_most_of_the_codes() -> None:
    """The others are in the tables of the events, or cannot be sent from outside."""
    lives = [(play(), event) for _, _, play, event in LATE_EVENTS]
    shown = " ".join(outcome(life.state, event, life.now) for life, event in lives)
    shown += " ".join(row.outcome_text for kind in SENT_EVENTS for row in played(kind))
    unseen = {code for code in IGNORED if f"`{code}`" not in shown}
    assert unseen == {
        "stale",
        "nobody_to_part",
        "not_frozen",
        "newer_request",
        "not_a_module_of_this_programme",
    }


@pytest.mark.parametrize("model", SIGNALS)
def test_no_signal_bears_a_time_but_the_one_chosen_in_an_answer(
    model: type[LenientModel],
) -> None:
    timed = [
        name
        for name, field in model.model_json_schema()["properties"].items()
        if "date-time" in str(field)
    ]
    assert timed == (["start"] if model is InvitationAnswered else [])
