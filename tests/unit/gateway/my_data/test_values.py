"""Values of the database as a person reads them."""

from typing import Any

import pytest

from gateway.my_data.sections import sections
from gateway.my_data.values import ReadableValues
from gateway.my_data.words import data_words
from schemas.records.sealing import Unopened
from tests.support.lives import MENTEE, MENTOR, PAIR

OTHER = "pzzzzzzzzzzzzz"
WINDOW = {"day": 0, "start": 540, "end": 720}
REASON = {"rule": "common_hours", "items": [], "value": 3}


def values(locale: str) -> ReadableValues:
    names = {MENTEE: "Marc Delorme"}
    return ReadableValues(MENTOR, "Europe/Paris", names, data_words(locale))


@pytest.mark.parametrize(
    ("column", "value", "english", "french"),
    [
        (
            "at",
            "2027-01-12T08:30:00+00:00",
            "12 January 2027, 09:30",
            "12 janvier 2027, 9\u00a0h\u00a030",
        ),
        (
            "at",
            "2027-07-01T22:05:00.123456+00:00",
            "2 July 2027, 00:05",
            "2 juillet 2027, 0\u00a0h\u00a005",
        ),
        ("effective", "2027-03-01", "1 March 2027", "1er mars 2027"),
        ("windows", [WINDOW], "Monday, 09:00 – 12:00", "lundi, 9\u00a0h – 12\u00a0h"),
        ("windows", [{"day": 9}], "day: 9", "day\u00a0: 9"),
        ("word_to_manager", False, "no", "non"),
        ("score", 4, "4", "4"),
        ("mentor", MENTOR, "you", "vous"),
        ("mentee", MENTEE, "Marc Delorme", "Marc Delorme"),
        ("mentee", OTHER, f"somebody else ({OTHER})", f"une autre personne ({OTHER})"),
        ("stage", "sessions", "conversations", "échanges"),
        ("stage", "of_a_newer_release", "of_a_newer_release", "of_a_newer_release"),
        (
            "roles",
            ["mentor", "supervisor"],
            "mentor; supervisor",
            "mentor\u00a0; accompagnateur",
        ),
        (
            "offers",
            ["ai_tools:3"],
            "ai_tools (could teach it)",
            "ai_tools (pourrait l’enseigner)",
        ),
        (
            "reasons",
            [REASON],
            "3 hours a week in common",
            "3 heures par semaine en commun",
        ),
        ("comment", "no", "no", "no"),
        (
            "comment",
            "2027-01-12T08:30:00Z",
            "2027-01-12T08:30:00Z",
            "2027-01-12T08:30:00Z",
        ),
        ("pair", "pair:nonsense", "pair:nonsense", "pair:nonsense"),
        (
            "comment",
            Unopened.KEY_GONE.words,
            "(cannot be opened any more)",
            "(ne peut plus être ouvert)",
        ),
        ("idea", "", "", ""),
        ("reason", None, "", ""),
    ],
)
def test_a_value_in_words(column: str, value: Any, english: str, french: str) -> None:
    assert values("en").text(column, value) == english
    assert values("fr").text(column, value) == french


def test_a_document_is_written_key_by_key() -> None:
    body = {
        "to": "mentor",
        "check": 1,
        "template": "session_agreed",
        "session": 1,
        "invite": {"start": "2027-01-12T08:30:00Z", "minutes": 60},
        "not_before": None,
    }
    assert values("en").text("body", body) == (
        "Which: a time is agreed; To you as: mentor; Conversation: 1;"
        " Invitation: Begins: 12 January 2027, 09:30; Minutes: 60"
    )


def test_sections_are_those_that_hold_something_with_technical_lines_apart() -> None:
    row = {
        "stage": "closed",
        "pair": PAIR.workflow_id,
        "region": PAIR.region,
        "revision": 7,
        "outcome": None,
    }
    (section,) = sections({"pairs": [row], "pulses": []}, values("en"))
    (record,) = section.records
    assert section.title == "Your pairs"
    assert [(line.heading, line.value) for line in record.lines] == [
        ("Pair", f"{PAIR.programme}, {PAIR.region}, wave 1, seat 1"),
        ("Stage", "closed"),
    ]
    assert [(line.heading, line.value) for line in record.technical] == [
        ("Region", PAIR.region),
        ("Revision", "7"),
    ]


def test_a_document_stands_in_full_below() -> None:
    row = {"body": {"template": "ready", "check": 1}, "person": MENTOR}
    (section,) = sections({"outbox": [row]}, values("en"))
    (record,) = section.records
    assert [line.value for line in record.lines] == ["Which: ready"]
    assert [line.value for line in record.technical] == [
        '{"template": "ready", "check": 1}',
        "you",
    ]
