"""The state of a question: a row a rule."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.pair.open_questions import open_questions
from domain.pair.questions import QuestionState, question_state
from schemas.events import (
    CharterSigned,
    CheckedIn,
    ConcernRaised,
    Declined,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    MatchAgreed,
    PulseReceived,
    Side,
    Volunteered,
)
from schemas.links import Link, Question
from schemas.pair_updates import EndPair
from tests.support.lives import DAY, MENTEE, MENTOR, OTHER, Life, a_pair
from tests.unit.domain.pair.factories import until_called
from tests.unit.gateway.factories import (
    DELEGATE,
    PAIR_ID,
    POLICY,
    SUPERVISOR,
    matched,
    proposed,
    trained,
)

WHO = {
    "mentor": MENTOR,
    "mentee": MENTEE,
    "supervisor": SUPERVISOR,
    "delegate": DELEGATE,
}


def ask(question: Question, role: str = "mentor", **about: Any) -> Link:
    return Link(
        question=question,
        pair=PAIR_ID,
        person=about.pop("person", WHO[role]),
        role=role,
        **about,
    )


def fresh() -> Life:
    return Life(a_pair(POLICY))


def agreed() -> Life:
    return proposed().on(
        InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES)
    )


def declined_all_week() -> Life:
    return until_called(proposed())


def over() -> Life:
    return agreed().wait(timedelta(days=10))


def held() -> Life:
    return over().on(Held(session=1))


def unknown() -> Life:
    """Nobody said whether session 1 was held, so a make-up is looked for."""
    return over().wait(timedelta(days=40))


ANSWER, PULSE, CHECK = Question.ANSWER, Question.PULSE, Question.CHECK_IN
RULES: list[tuple[Callable[[], Life], Link, QuestionState]] = [
    (fresh, ask(Question.VOLUNTEER), QuestionState.OPEN),
    (lambda: fresh().on(Volunteered()), ask(Question.VOLUNTEER), QuestionState.DONE),
    (lambda: fresh().on(Declined()), ask(Question.VOLUNTEER), QuestionState.CLOSED),
    (fresh, ask(Question.CHARTER), QuestionState.OPEN),
    (
        lambda: fresh().on(CharterSigned(side=Side.MENTOR)),
        ask(Question.CHARTER),
        QuestionState.DONE,
    ),
    (matched, ask(Question.CHARTER, "mentee"), QuestionState.OPEN),
    (fresh, ask(Question.SIGN_OFF, "supervisor"), QuestionState.OPEN),
    (trained, ask(Question.SIGN_OFF, "supervisor"), QuestionState.DONE),
    (trained, ask(Question.AGREE, mentee=MENTEE), QuestionState.PARTED),
    (matched, ask(Question.AGREE, mentee=MENTEE), QuestionState.OPEN),
    (matched, ask(Question.AGREE, "mentee", mentee=MENTEE), QuestionState.OPEN),
    (matched, ask(Question.AGREE, mentee=OTHER), QuestionState.PARTED),
    (
        matched,
        ask(Question.AGREE, "mentee", person=OTHER, mentee=OTHER),
        QuestionState.PARTED,
    ),
    (
        lambda: matched().on(MatchAgreed(side=Side.MENTOR, mentee=MENTEE)),
        ask(Question.AGREE, mentee=MENTEE),
        QuestionState.DONE,
    ),
    (proposed, ask(Question.AGREE, "mentee", mentee=MENTEE), QuestionState.DONE),
    (proposed, ask(ANSWER, "mentee", session=1), QuestionState.OPEN),
    (proposed, ask(ANSWER, "delegate", session=1), QuestionState.OPEN),
    (proposed, ask(ANSWER, "mentee", person=OTHER, session=1), QuestionState.PARTED),
    (
        lambda: proposed().on(
            InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.NO)
        ),
        ask(ANSWER, session=1),
        QuestionState.LOOKING,
    ),
    (declined_all_week, ask(ANSWER, session=1), QuestionState.CALLED),
    (declined_all_week, ask(ANSWER, "mentee", session=1), QuestionState.CALLED),
    (agreed, ask(ANSWER, "mentee", session=1), QuestionState.AGREED),
    (over, ask(ANSWER, "mentee", session=1), QuestionState.OVER),
    (lambda: held().slots(), ask(ANSWER, "mentee", session=1), QuestionState.NEWER),
    (agreed, ask(Question.HELD, session=1), QuestionState.EARLY),
    (over, ask(Question.HELD, session=1), QuestionState.OPEN),
    (held, ask(Question.HELD, session=1), QuestionState.DONE),
    (unknown, ask(Question.HELD, session=1), QuestionState.OPEN),
    (held, ask(Question.HELD, session=2), QuestionState.OVER),
    (over, ask(PULSE, session=1), QuestionState.EARLY),
    (held, ask(PULSE, session=1), QuestionState.OPEN),
    (
        lambda: held().on(PulseReceived(session=1, pulse="one")),
        ask(PULSE, session=1),  # whose it was, the pair does not know
        QuestionState.OPEN,
    ),
    (
        lambda: held().on(ConcernRaised(concern="c1")),
        ask(CHECK, "supervisor", check=1),
        QuestionState.OPEN,
    ),
    (
        lambda: held().on(ConcernRaised(concern="c1"), CheckedIn(check=1)),
        ask(CHECK, "supervisor", check=1),
        QuestionState.DONE,
    ),
    (fresh, ask(Question.HELP), QuestionState.OPEN),
    (
        lambda: held().on(EndPair(reason="asked")),
        ask(Question.HELP),
        QuestionState.CLOSED,
    ),
    (
        lambda: held().on(EndPair(reason="asked")),
        ask(Question.NEXT),
        QuestionState.CLOSED,
    ),
]


@pytest.mark.parametrize(("life", "link", "expected"), RULES)
def test_the_state_of_a_question_follows_the_pair(
    life: Callable[[], Life], link: Link, expected: QuestionState
) -> None:
    now = life()
    assert question_state(link, now.state, now.now) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [((1,), QuestionState.DONE), ((2,), QuestionState.OPEN), ((), QuestionState.OPEN)],
)
def test_a_pulse_is_asked_for_until_its_person_gave_it(
    given: tuple[int, ...], expected: QuestionState
) -> None:
    now = held()
    link = ask(PULSE, session=1)
    assert question_state(link, now.state, now.now, given) is expected


def offered(life: Life, link: Link) -> list[Question]:
    return [offer.question for offer in open_questions(link, life.state, life.now, ())]


def test_a_mentor_who_comes_late_is_offered_what_is_open_questions() -> None:
    assert offered(held().slots(), ask(ANSWER, session=1)) == [
        ANSWER,
        PULSE,
        Question.WINDOWS,
    ]


@pytest.mark.parametrize(
    "life", [fresh, trained, matched, proposed, agreed, over, held]
)
def test_a_delegate_is_offered_nothing_but_the_agenda(life: Callable[[], Life]) -> None:
    assert set(offered(life(), ask(PULSE, "delegate"))) <= {ANSWER, Question.WINDOWS}


def test_an_earlier_mentee_is_offered_nothing() -> None:
    assert offered(proposed(), ask(PULSE, "mentee", person=OTHER)) == []


def test_an_offer_names_the_session_that_is_live() -> None:
    life = held().slots(held().now + 40 * DAY)
    offers = open_questions(ask(Question.HELD, session=1), life.state, life.now, ())
    assert [(o.session, o.attempt) for o in offers if o.question is ANSWER] == [(2, 1)]
