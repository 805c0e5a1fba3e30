"""Messages of a service's own, as learning platforms send them, and the events that they become."""

from typing import Any

import pytest

from domain.sources.granting import GrantInvalid, Preset, scope_of
from domain.sources.messages import MessageUnclear, event_of, read_rules

PLATFORM = scope_of()
STANDARD = """
[[message]]
when = {type = "course.completed"}
type = "module_completed"
subject = "data.user_id"
data = {module = "data.course_id"}
"""
DOCEBO = """
[[message]]
when = {event = "course.enrollment.completed", "payload.status" = "completed"}
type = "binome.module_completed.v1"
id = "message_id"
subject = "payload.username"
data = {module = "payload.course_code"}
"""
COMPLETED = {
    "type": "course.completed",
    "timestamp": "2026-11-30T10:00:00Z",
    "data": {"user_id": "LM4", "course_id": "digital-academy"},
}
ENROLLED = {
    "message_id": "wh-1",
    "event": "course.enrollment.completed",
    "payload": {
        "user_id": 12,
        "username": "LM4",
        "course_code": "digital-academy",
        "status": "completed",
    },
}


@pytest.mark.parametrize(
    ("rules", "message", "event_id"),
    [(STANDARD, COMPLETED, "msg_1"), (DOCEBO, ENROLLED, "wh-1")],
)
def test_a_message_becomes_the_event_that_its_rule_says(
    rules: str, message: dict[str, Any], event_id: str
) -> None:
    assert event_of(read_rules(rules, PLATFORM), message, "msg_1") == {
        "specversion": "1.0",
        "id": event_id,
        "source": "message",
        "type": "binome.module_completed.v1",
        "subject": "LM4",
        "data": {"module": "digital-academy"},
    }


@pytest.mark.parametrize(
    "message", [{}, {"type": "course.started"}, {"type": ["course.completed"]}]
)
def test_a_message_that_no_rule_is_about_is_no_event(message: dict[str, Any]) -> None:
    assert event_of(read_rules(STANDARD, PLATFORM), message, "msg_1") is None


def test_a_number_is_an_id_too() -> None:
    rules = read_rules(STANDARD, PLATFORM)
    event = event_of(
        rules, {**COMPLETED, "data": {"user_id": 7, "course_id": "x"}}, "1"
    )
    assert event and event["subject"] == "7"


@pytest.mark.parametrize(
    ("message", "message_id", "place"),
    [
        (COMPLETED, "", "webhook-id"),
        ({**COMPLETED, "data": {"course_id": "x"}}, "1", "data.user_id"),
        ({**COMPLETED, "data": {"user_id": "", "course_id": "x"}}, "1", "data.user_id"),
        ({**COMPLETED, "data": {"user_id": True}}, "1", "data.user_id"),
        ({**COMPLETED, "data": {"user_id": "LM4"}}, "1", "data.course_id"),
        ({**COMPLETED, "data": [1]}, "1", "data.user_id"),
    ],
)
def test_what_a_rule_needs_and_does_not_find_is_named(
    message: dict[str, Any], message_id: str, place: str
) -> None:
    with pytest.raises(MessageUnclear) as unclear:
        event_of(read_rules(STANDARD, PLATFORM), message, message_id)
    assert unclear.value.place == place


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("[[", "not TOML"),
        ("", "message: missing"),
        ("[[message]]\ntype = 'held'", "message.0.subject: missing"),
        ("[[message]]\ntype = 'hold'\nsubject = 'x'", "did you mean held?"),
        ("[[message]]\ntype = 'held'\nsubject = 'x'", "held is not granted"),
        (
            STANDARD.replace("module =", "modul ="),
            "data.modul: unknown; allowed: module",
        ),
    ],
)
def test_rules_that_cannot_hold_are_refused_in_words(rules: str, why: str) -> None:
    with pytest.raises(GrantInvalid) as refused:
        read_rules(rules, PLATFORM)
    assert why in str(refused.value)


def test_the_first_rule_about_a_message_counts() -> None:
    scope = scope_of([Preset.LEARNING_PLATFORM], ["rehearsed"])
    rules = read_rules(
        "[[message]]\ntype = 'rehearsed'\nsubject = 'data.user_id'\n" + STANDARD, scope
    )
    event = event_of(rules, COMPLETED, "1")
    assert event and event["type"] == "binome.rehearsed.v1"
