"""The page of a pulse: what the pair is sent, and what it is not."""

from unittest.mock import ANY

import pytest

from schemas.links import Question
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.factories import (
    PAIR_ID,
    House,
)
from tests.unit.gateway.pages.pressing import held, press


async def test_a_pulse_is_signalled_without_score_and_words(at_home: House) -> None:
    at_home.put(held())
    await press(
        at_home,
        at_home.link(Question.PULSE, session=1),
        score="4",
        idea="coffee",
        comment="secret",
    )
    assert at_home.signals() == [("pulse_received", {"session": 1, "pulse": ANY})]
    assert at_home.store.answers.pulses == [
        (PAIR_ID, 1, "mentor", MENTOR, 4, "coffee", "", False)
    ]


async def test_the_same_pulse_twice_is_thanked_for_twice(at_home: House) -> None:
    at_home.put(held())
    path = at_home.link(Question.PULSE, session=1)
    answers = [await press(at_home, path, score="4", idea="coffee") for _ in range(2)]
    assert ([a.status_code for a in answers], len(at_home.store.inbox.events)) == (
        [303, 303],
        1,
    )


async def test_of_two_different_pulses_the_second_reads_that_the_first_counts(
    at_home: House,
) -> None:
    at_home.put(held())
    path = at_home.link(Question.PULSE, session=1)
    await press(at_home, path, score="4")
    answer = await press(at_home, path, score="1")
    assert (answer.status_code, "The first answer counts" in answer.text) == (409, True)
    assert "answer the mail" not in answer.text, "a mark is not to be sent by mail"
    assert [kind for kind, _ in at_home.signals()] == ["pulse_received"], (
        "its low mark is not kept, and weighs nothing"
    )


async def test_a_call_for_help_in_a_second_pulse_counts(
    at_home: House,
) -> None:
    at_home.put(held())
    path = at_home.link(Question.PULSE, session=1)
    await press(at_home, path, score="4")
    answer = await press(at_home, path, score="4", help="yes")
    assert (
        answer.status_code,
        "only the call for help was passed on" in answer.text,
    ) == (409, True)
    assert [kind for kind, _ in at_home.signals()] == [
        "pulse_received",
        "concern_raised",
    ]


async def test_a_pulse_kept_without_its_event_is_signalled_by_the_next_attempt(
    at_home: House,
) -> None:
    at_home.put(held())
    at_home.store.answers.pulses.append(
        (PAIR_ID, 1, "mentor", MENTOR, 5, "", "", False)
    )
    await press(at_home, at_home.link(Question.PULSE, session=1), score="4")
    assert at_home.signals() == [("pulse_received", {"session": 1, "pulse": ANY})]


@pytest.mark.parametrize(
    "form", [{"score": "5", "help": "yes"}, {"score": "2"}, {"score": "1"}]
)
async def test_a_call_for_help_or_a_low_mark_raises_a_concern_without_a_person(
    at_home: House, form: dict[str, str]
) -> None:
    at_home.put(held())
    await press(
        at_home, at_home.link(Question.PULSE, "mentee", MENTEE, session=1), **form
    )
    concern = next(
        e for e in at_home.store.inbox.events.values() if e.kind == "concern_raised"
    )
    assert (concern.person, set(concern.payload)) == (None, {"concern"})


async def test_a_pulse_without_a_mark_keeps_the_words_in_the_form(
    at_home: House,
) -> None:
    at_home.put(held())
    answer = await press(
        at_home, at_home.link(Question.PULSE, session=1), idea="a long thought"
    )
    assert (
        answer.status_code,
        "a long thought" in answer.text,
        at_home.store.answers.pulses,
    ) == (422, True, [])


async def test_words_are_escaped(at_home: House) -> None:
    at_home.put(held())
    answer = await press(
        at_home,
        at_home.link(Question.PULSE, session=1),
        idea="<script>alert(1)</script>",
    )
    assert "<script>" not in answer.text
