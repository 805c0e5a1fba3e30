"""Participants' pages: what a button says to the pair, and what it does not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from gateway.temporal import TemporalUnavailable, UpdateRejected
from schemas.events import ConcernRaised, Held, InvitationAnswer, InvitationAnswered
from schemas.links import Question
from schemas.stages import Outcome, Stage
from tests.support.lives import MENTEE, MENTOR, Life, a_pair
from tests.unit.gateway.factories import (
    DELEGATE,
    OPS,
    PAIR_ID,
    POLICY,
    SUPERVISOR,
    House,
    matched,
    person,
    proposed,
)

MONDAY_MORNING = {"from-0-0": "09:00", "to-0-0": "12:00"}
GATE_OPEN = {"action": "volunteer", "charter": "yes", **MONDAY_MORNING}


def fresh() -> Life:
    return Life(a_pair(POLICY))


def over() -> Life:
    return (
        proposed()
        .on(InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES))
        .wait(timedelta(days=10))
    )


def held() -> Life:
    return over().on(Held(session=1))


async def press(house: House, path: str, **form: Any) -> httpx.Response:
    return await house.browser.post(path, data=form)


async def test_looking_changes_nothing(at_home: House) -> None:
    at_home.put(proposed())
    for question in Question:
        await at_home.browser.get(at_home.link(question, session=1))
        await at_home.browser.get(at_home.link(question, session=1) + "?said=agreed")
    assert (
        at_home.said(),
        at_home.workflows.updates,
        at_home.store.people.windows,
    ) == (
        [],
        [],
        {},
    )


async def test_volunteering_gives_windows_and_signs_the_charter(at_home: House) -> None:
    at_home.put(fresh())
    await press(at_home, at_home.link(Question.VOLUNTEER), **GATE_OPEN)
    assert at_home.said() == [("volunteered", {"windows": True, "charter": True})]
    assert [(w.day, w.start, w.end) for w in at_home.store.people.windows[MENTOR]] == [
        (0, 540, 720)
    ]


async def test_declining_takes_one_press_and_no_reason(at_home: House) -> None:
    at_home.put(fresh())
    answer = await press(at_home, at_home.link(Question.VOLUNTEER), action="decline")
    assert (answer.status_code, at_home.said()) == (303, [("declined", {})])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"action": "volunteer", "charter": "yes"}, "at least one window"),
        ({"action": "volunteer", **MONDAY_MORNING}, "keep to the charter"),
        ({**GATE_OPEN, "from-1-0": "10:00"}, "both times"),
        ({**GATE_OPEN, "from-1-0": "10:00", "to-1-0": "09:00"}, "both times"),
        ({**GATE_OPEN, "from-1-0": "soon", "to-1-0": "09:00"}, "both times"),
    ],
)
async def test_a_form_with_something_missing_is_shown_again(
    at_home: House, form: dict[str, str], words: str
) -> None:
    at_home.put(fresh())
    answer = await press(at_home, at_home.link(Question.VOLUNTEER), **form)
    assert (answer.status_code, words in answer.text, at_home.said()) == (422, True, [])


async def test_what_was_typed_stands_in_the_form_that_is_shown_again(
    at_home: House,
) -> None:
    at_home.put(fresh())
    answer = await press(
        at_home,
        at_home.link(Question.VOLUNTEER),
        **{"from-3-0": "08:15", "to-3-0": "07:00"},
    )
    assert 'value="08:15"' in answer.text


async def test_a_double_click_is_one_event(at_home: House) -> None:
    at_home.put(matched())
    path = at_home.link(Question.AGREE, mentee=MENTEE)
    first, second = (
        await press(at_home, path, action="agree"),
        await press(at_home, path, action="agree"),
    )
    assert (first.status_code, second.status_code, len(at_home.said())) == (303, 303, 1)


async def test_the_same_answer_from_a_reminder_is_one_event(at_home: House) -> None:
    at_home.put(matched())
    for _ in range(2):
        await press(
            at_home, at_home.link(Question.AGREE, mentee=MENTEE), action="agree"
        )
    assert len(at_home.said()) == 1


async def test_a_mentee_agrees_with_the_charter_only(at_home: House) -> None:
    at_home.put(matched())
    path = at_home.link(Question.AGREE, "mentee", MENTEE, mentee=MENTEE)
    assert (await press(at_home, path, action="agree")).status_code == 422
    await press(at_home, path, action="agree", charter="yes")
    assert at_home.said() == [
        ("agreed", {"side": "mentee", "mentee": MENTEE, "charter": True})
    ]


async def test_refusing_a_match_asks_no_reason(at_home: House) -> None:
    at_home.put(matched())
    await press(at_home, at_home.link(Question.AGREE, mentee=MENTEE), action="refuse")
    assert at_home.said() == [("refused", {"side": "mentor", "mentee": MENTEE})]


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
    assert at_home.said() == [("answered", {**about, "answer": choice})]


async def test_another_of_the_offered_times_may_be_chosen(at_home: House) -> None:
    life = proposed()
    at_home.put(life)
    assert life.state.current
    other = life.state.current.alternatives[0].isoformat()
    path = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    await press(at_home, path, answer=f"another_time@{other}", sequence="0")
    assert at_home.said()[0][1]["start"] == other


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
    assert (early.status_code, "is agreed by now" in early.text, at_home.said()) == (
        422,
        True,
        [],
    )
    await press(at_home, path, answer="no", sequence="0", asked="agreed")
    assert [payload["answer"] for _, payload in at_home.said()] == ["no"]


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
    assert (answer.status_code, at_home.said()) == (303, [])


@pytest.mark.parametrize("choice", ["yes", "half_hour"])
async def test_a_mentor_who_was_not_asked_can_only_decline_a_time(
    at_home: House, choice: str
) -> None:
    at_home.put(proposed())
    answer = await press(
        at_home, at_home.link(Question.ANSWER, session=1), answer=choice, sequence="0"
    )
    assert (answer.status_code, at_home.said()) == (422, [])


async def test_a_question_that_was_answered_shows_what_was_said(at_home: House) -> None:
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
    assert (answer.status_code, words in answer.text, at_home.said()) == (422, True, [])


async def test_a_delegate_answers_for_the_mentee(at_home: House) -> None:
    at_home.put(proposed())
    await press(
        at_home,
        at_home.link(Question.ANSWER, "delegate", DELEGATE, session=1),
        answer="yes",
        sequence="0",
    )
    assert at_home.said()[0][1]["side"] == "mentee"


OF_A_SUPERVISOR = {Question.SIGN_OFF, Question.CHECK_IN, Question.KEEP_OR_PART}


@pytest.mark.parametrize(
    "question", sorted(set(Question) - {Question.ANSWER, Question.WINDOWS})
)
async def test_a_delegate_has_no_page_but_the_agenda(
    at_home: House, question: Question
) -> None:
    at_home.put(held())
    answer = await at_home.browser.get(
        at_home.link(question, "delegate", DELEGATE, session=1, check=1)
    )
    assert answer.status_code == 404


async def test_a_delegate_keeps_the_windows_of_the_mentee(at_home: House) -> None:
    at_home.put(proposed())
    await press(
        at_home, at_home.link(Question.WINDOWS, "delegate", DELEGATE), **MONDAY_MORNING
    )
    assert list(at_home.store.people.windows) == [MENTEE]


@pytest.mark.parametrize(
    "name, told",
    [("Élise Roy", "agenda d’Élise Roy"), ("Marc Delorme", "agenda de Marc Delorme")],
)
async def test_a_delegate_reads_in_french_whose_agenda_it_is(
    at_home: House, name: str, told: str
) -> None:
    at_home.put(proposed())
    persons = at_home.store.people.persons
    persons[MENTEE] = persons[MENTEE].model_copy(update={"name": name})
    persons[DELEGATE] = persons[DELEGATE].model_copy(update={"locale": "fr"})
    page = (
        await at_home.browser.get(
            at_home.link(Question.ANSWER, "delegate", DELEGATE, session=1)
        )
    ).text
    assert told in page


async def test_somebody_who_is_no_longer_the_delegate_is_told_kindly(
    at_home: House,
) -> None:
    at_home.put(proposed())
    at_home.store.people.persons[MENTEE] = at_home.store.people.persons[
        MENTEE
    ].model_copy(update={"delegate": None})
    path = at_home.link(Question.ANSWER, "delegate", DELEGATE, session=1)
    answer = await press(at_home, path, answer="yes", sequence="0")
    assert (
        answer.status_code,
        "Somebody else has taken over" in answer.text,
        at_home.said(),
    ) == (409, True, [])


async def test_the_mentor_says_whether_they_met(at_home: House) -> None:
    at_home.put(over())
    await press(at_home, at_home.link(Question.HELD, session=1), held="no")
    assert at_home.said() == [("held", {"session": 1, "attempt": 1, "held": False})]


async def test_a_pulse_tells_the_pair_only_that_it_came(at_home: House) -> None:
    at_home.put(held())
    await press(
        at_home,
        at_home.link(Question.PULSE, session=1),
        score="4",
        idea="coffee",
        comment="secret",
    )
    assert at_home.said() == [("pulse_received", {"session": 1, "side": "mentor"})]
    assert at_home.store.answers.pulses == [
        (PAIR_ID, 1, "mentor", MENTOR, 4, "coffee", "secret", False)
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
    assert [kind for kind, _ in at_home.said()] == ["pulse_received"], (
        "its low mark is not kept, and weighs nothing"
    )


async def test_a_call_for_help_in_a_pulse_that_came_second_is_heard(
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
    assert [kind for kind, _ in at_home.said()] == ["pulse_received", "concern_raised"]


async def test_a_pulse_that_was_kept_without_its_event_is_told_to_the_pair_by_the_next(
    at_home: House,
) -> None:
    at_home.put(held())
    at_home.store.answers.pulses.append(
        (PAIR_ID, 1, "mentor", MENTOR, 5, "", "", False)
    )
    await press(at_home, at_home.link(Question.PULSE, session=1), score="4")
    assert at_home.said() == [("pulse_received", {"session": 1, "side": "mentor"})]


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
        at_home, at_home.link(Question.PULSE, session=1), comment="a long thought"
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
        comment="<script>alert(1)</script>",
    )
    assert "<script>" not in answer.text


async def test_a_sign_off_is_a_decision_of_the_pair(at_home: House) -> None:
    at_home.put(fresh())
    path = at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR)
    answer = await press(at_home, path, ready="yes", rehearsed="yes")
    assert answer.status_code == 303
    assert at_home.workflows.updates == [(PAIR_ID, "sign_off", {"rehearsed": True})]


@pytest.mark.parametrize(
    "form", [{}, {"ready": ""}, {"ready": "no"}, {"rehearsed": "yes"}]
)
@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Nothing is signed off yet"), ("fr", "Rien n’est validé")],
)
async def test_nobody_is_signed_off_without_pressing_the_button(
    at_home: House, form: dict[str, str], locale: str, words: str
) -> None:
    at_home.put(fresh())
    sofia = at_home.store.people.persons[SUPERVISOR]
    at_home.store.people.persons[SUPERVISOR] = sofia.model_copy(
        update={"locale": locale}
    )
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR), **form
    )
    assert (answer.status_code, words in answer.text, at_home.workflows.updates) == (
        422,
        True,
        [],
    )


async def test_a_tick_stands_in_the_sign_off_that_is_shown_again(
    at_home: House,
) -> None:
    at_home.put(fresh())
    answer = await press(
        at_home,
        at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR),
        rehearsed="yes",
    )
    assert 'name="rehearsed" value="yes" checked' in answer.text


async def test_a_refused_sign_off_says_what_is_missing(at_home: House) -> None:
    at_home.put(fresh())
    at_home.workflows.failing = UpdateRejected("sign_off: still missing: module:ecoute")
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR), ready="yes"
    )
    assert answer.status_code == 409
    assert "Takes part, Module “ecoute”, Module “oser-parler”" in answer.text


async def test_where_nobody_supervises_ops_sign_off(at_home: House) -> None:
    at_home.put(fresh())
    at_home.store.people.persons[MENTOR] = person(MENTOR, "Ana Ruiz")
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", OPS), ready="yes"
    )
    assert answer.status_code == 303


async def test_while_temporal_is_away_a_decision_can_be_tried_again(
    at_home: House,
) -> None:
    at_home.put(fresh())
    at_home.workflows.failing = TemporalUnavailable()
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR), ready="yes"
    )
    assert (answer.status_code, "try again in a minute" in answer.text) == (503, True)


async def test_a_check_in_answers_its_request(at_home: House) -> None:
    at_home.put(held().on(ConcernRaised(concern="c1")))
    await press(
        at_home,
        at_home.link(Question.CHECK_IN, "supervisor", SUPERVISOR, check=1),
        well="no",
    )
    assert at_home.said() == [("checked_in", {"check": 1, "well": False})]


async def test_what_a_mentor_wants_next_stays_in_postgresql(at_home: House) -> None:
    at_home.put(
        a_pair(POLICY).model_copy(
            update={"stage": Stage.CLOSED, "outcome": Outcome.COMPLETED}
        )
    )
    await press(at_home, at_home.link(Question.NEXT), offer="supervise", word="yes")
    assert (at_home.store.answers.offers, at_home.said()) == (
        [(MENTOR, "supervise", True)],
        [],
    )


@pytest.mark.parametrize(
    "question", sorted(set(Question) - OF_A_SUPERVISOR - {Question.HELP})
)
async def test_every_page_of_a_mentor_offers_help(
    at_home: House, question: Question
) -> None:
    at_home.put(held())
    answer = await at_home.browser.get(at_home.link(question, session=1, mentee=MENTEE))
    assert "I need help" in answer.text


async def test_an_answer_that_comes_too_late_changes_nothing(at_home: House) -> None:
    at_home.put(held())
    answer = await press(at_home, at_home.link(Question.HELD, session=1), held="no")
    assert (answer.status_code, "Already answered" in answer.text, at_home.said()) == (
        409,
        True,
        [],
    )


async def test_a_page_before_the_pair_began_asks_for_a_little_patience(
    at_home: House,
) -> None:
    at_home.put(fresh())
    detail = at_home.store.pairs.details[PAIR_ID]
    at_home.store.pairs.details[PAIR_ID] = detail.model_copy(update={"state": None})
    answer = await at_home.browser.get(at_home.link(Question.VOLUNTEER))
    assert "Not open yet" in answer.text


@pytest.mark.parametrize("cut", [1, 5, 20])
async def test_a_link_that_was_cut_says_so(at_home: House, cut: int) -> None:
    at_home.put(fresh())
    answer = await at_home.browser.get(at_home.link(Question.VOLUNTEER)[:-cut])
    assert (answer.status_code, "does not lead anywhere" in answer.text) == (404, True)


async def test_a_stranger_is_answered_in_the_browsers_language(at_home: House) -> None:
    answer = await at_home.browser.get(
        "/q/nonsense", headers={"accept-language": "fr-FR,fr;q=0.9"}
    )
    assert "Ce lien ne mène nulle part" in answer.text


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


@pytest.mark.parametrize("form", [{}, {"action": ""}, {"action": "maybe"}])
async def test_nobody_agrees_without_pressing_a_button(
    at_home: House, form: dict[str, str]
) -> None:
    at_home.put(matched())
    answer = await at_home.browser.post(
        at_home.link(Question.AGREE, mentee=MENTEE), data=form
    )
    assert (answer.status_code, at_home.store.inbox.events) == (422, {})
