"""Pages of a session: its invitation, whether it was held."""

import pytest

from schemas.events import InvitationAnswer, InvitationAnswered
from schemas.links import Question
from tests.support.lives import MENTEE
from tests.unit.gateway.factories import (
    POLICY,
    House,
    proposed,
)
from tests.unit.gateway.pages.pressing import held, over, press


@pytest.mark.parametrize("choice", ["yes", "half_hour", "another_time", "no"])
async def test_an_answer_names_the_invite_it_is_about(
    at_home: House, choice: str
) -> None:
    at_home.put(proposed())
    await press(
        at_home,
        at_home.link(Question.ANSWER, "mentee", MENTEE, session=1),
        answer=choice,
        sequence="0",
    )
    about = {"session": 1, "attempt": 1, "sequence": 0, "side": "mentee"}
    assert at_home.signals() == [("answered", {**about, "answer": choice})]


async def test_whoever_declines_once_too_often_reads_that_somebody_calls(
    at_home: House,
) -> None:
    at_home.put(proposed({**POLICY, "sessions": {"count": 3, "declines_a_week": 1}}))
    path = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    answer = await press(at_home, path, answer="no", sequence="0")
    thanks = await at_home.browser.get(answer.headers["location"])
    assert "somebody will call you" in thanks.text


async def test_another_of_the_offered_times_may_be_chosen(at_home: House) -> None:
    life = proposed()
    at_home.put(life)
    assert life.state.current
    other = life.state.current.alternatives[0].isoformat()
    path = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    await press(at_home, path, answer=f"another_time@{other}", sequence="0")
    assert at_home.signals()[0][1]["start"] == other


async def test_a_page_of_the_proposal_cannot_give_up_what_is_agreed_by_now(
    at_home: House,
) -> None:
    at_home.put(
        proposed().on(
            InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES)
        )
    )
    path = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    early = await press(at_home, path, answer="no", sequence="0", asked="proposed")
    assert (early.status_code, "is agreed by now" in early.text, at_home.signals()) == (
        422,
        True,
        [],
    )
    await press(at_home, path, answer="no", sequence="0", asked="agreed")
    assert [payload["answer"] for _, payload in at_home.signals()] == ["no"]


async def test_a_second_yes_to_what_is_agreed_is_thanked_for_and_says_nothing(
    at_home: House,
) -> None:
    at_home.put(
        proposed().on(
            InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES)
        )
    )
    path = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    answer = await press(at_home, path, answer="yes", sequence="0", asked="proposed")
    assert (answer.status_code, at_home.signals()) == (303, [])


@pytest.mark.parametrize("choice", ["yes", "half_hour"])
async def test_a_mentor_who_was_not_asked_can_only_decline_a_time(
    at_home: House, choice: str
) -> None:
    at_home.put(proposed())
    answer = await press(
        at_home, at_home.link(Question.ANSWER, session=1), answer=choice, sequence="0"
    )
    assert (answer.status_code, at_home.signals()) == (422, [])


async def test_a_question_that_was_answered_shows_the_answer(at_home: House) -> None:
    at_home.put(held())
    answer = await at_home.browser.get(at_home.link(Question.HELD, session=1))
    assert "The first answer counts: you met." in answer.text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            {"answer": "another_time@2030-01-01T00:00:00+00:00", "sequence": "0"},
            "no longer offered",
        ),
        ({"answer": "yes", "sequence": "4"}, "has changed meanwhile"),
        ({"answer": "maybe", "sequence": "0"}, "choose one"),
        ({}, "choose one"),
    ],
)
async def test_an_answer_to_what_is_not_asked_shows_what_is(
    at_home: House, form: dict[str, str], words: str
) -> None:
    at_home.put(proposed())
    answer = await press(
        at_home, at_home.link(Question.ANSWER, "mentee", MENTEE, session=1), **form
    )
    assert (answer.status_code, words in answer.text, at_home.signals()) == (
        422,
        True,
        [],
    )


async def test_the_mentor_reports_whether_the_session_was_held(at_home: House) -> None:
    at_home.put(over())
    await press(at_home, at_home.link(Question.HELD, session=1), held="no")
    assert at_home.signals() == [("held", {"session": 1, "attempt": 1, "held": False})]


async def test_an_answer_that_comes_too_late_changes_nothing(at_home: House) -> None:
    at_home.put(held())
    answer = await press(at_home, at_home.link(Question.HELD, session=1), held="no")
    assert (
        answer.status_code,
        "Already answered" in answer.text,
        at_home.signals(),
    ) == (
        409,
        True,
        [],
    )


async def test_times_are_shown_in_the_persons_zone(at_home: House) -> None:
    at_home.put(proposed())
    marc = at_home.store.people.persons[MENTEE]
    at_home.store.people.persons[MENTEE] = marc.model_copy(
        update={"zone": "America/New_York", "locale": "fr"}
    )
    answer = await at_home.browser.get(
        at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    )
    assert "vendredi 15 janvier 2027, 4\u00a0h – 5\u00a0h" in answer.text
