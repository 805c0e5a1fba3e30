"""An event id used again: a repetition, or another fact."""

from typing import Any

import pytest

from domain.inbox.reuse import fact_of, reused_ids
from schemas.cloud_events import CATALOGUE, CloudEvent
from schemas.records.inbox import KeptEvent, NewEvent


def fact(name: str, subject: str = "E1", **data: Any) -> str:
    kind = f"binome.{name}.v1"
    event = CloudEvent(
        specversion="1.0", id="1", source="/s", type=kind, subject=subject, data=data
    )
    return fact_of(event, CATALOGUE[kind].data.model_validate(data))


FIRST = fact("module_completed", module="x")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (fact("module_completed", module="x"), True),
        (fact("module_completed", module="x", retry=2), True),  # a field of the sender's
        (fact("module_completed", module="y"), False),
        (fact("module_completed", "E2", module="x"), False),
        (fact("rehearsed"), False),
    ],
)  # fmt: skip
def test_a_fact_is_its_type_its_person_and_its_data(other: str, same: bool) -> None:
    assert (other == FIRST) is same


def test_another_answer_about_the_same_session_is_no_other_fact() -> None:
    """Under one id the first one counts."""
    assert fact("held", session=1, held=True) == fact("held", session=1, held=False)
    assert fact("held", session=1) != fact("held", session=2)


def test_marks_and_words_are_in_no_digest() -> None:
    """It could be compared with the digest of each of five marks."""
    assert fact("pulse_received", session=1, score=1, comment="a") == fact(
        "pulse_received", session=1, score=5, help=True
    )


def event(key: str, fact: str) -> NewEvent:
    return NewEvent(key=key, source="s", event_id="1", type="t", kind="k", fact=fact)


@pytest.mark.parametrize(
    ("events", "kept", "reused"),
    [
        ([event("a", "1")], {}, []),
        ([event("a", "1")], {"a": "1"}, []),
        ([event("a", "2")], {"a": "1"}, ["a"]),
        ([event("a", "1"), event("b", "2")], {"b": "1"}, ["b"]),
        ([event("a", "1"), event("a", "1")], {}, []),
        ([event("a", "1"), event("a", "2")], {}, ["a"]),  # in one request
        ([event("a", "1")], {"a": ""}, []),  # archived long ago
        ([event("a", "")], {"a": "1"}, []),  # what participants answer
    ],
)
def test_a_key_of_another_fact_is_found(
    events: list[NewEvent], kept: dict[str, str], reused: list[str]
) -> None:
    known = {key: KeptEvent(key=key, fact=fact) for key, fact in kept.items()}
    assert [each.key for each, _ in reused_ids(events, known)] == reused
