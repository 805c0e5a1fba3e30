"""A question is open exactly while the lifecycle would take an answer to it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pair.open_questions import (
    ROLES_ASKED,
    PeopleOfPair,
    is_still_asked,
    open_questions,
    role_is_asked,
)
from domain.pair.questions import QuestionState, plain_answer, question_state
from domain.pair.refusals import refusal, why_ignored
from schemas.events import Event, InvitationAnswer, InvitationAnswered
from schemas.links import Link, Question
from schemas.notices import Recipient
from schemas.pair import PairState
from schemas.pair_updates import SignOffMentor
from schemas.people import Person, Role
from tests.support.lives import MENTEE, MENTOR, OTHER, Life
from tests.unit.domain.pair.random_events import RANDOM_SIGNALS, RANDOM_UPDATES
from tests.unit.gateway.factories import (
    DELEGATE,
    OPS,
    PAIR_ID,
    SUPERVISOR,
    matched,
    people,
    proposed,
    trained,
)

HOLDERS = {
    "mentor": MENTOR,
    "mentee": MENTEE,
    "supervisor": SUPERVISOR,
    "delegate": DELEGATE,
}
SPONSOR = "p" + "e" * 13
NOT_OF_THE_PAIR = {Question.WINDOWS, Question.MODULES, Question.HELP, Question.NEXT}
"""Asked at any time: what is answered stays in PostgreSQL, or is a call for help."""
AHEAD = [trained, matched, proposed]


def links() -> Iterator[Link]:
    """Every question to everybody who may be asked it, about several sessions and checks."""
    for question, roles in ROLES_ASKED.items():
        for role in sorted(roles):
            for session, attempt, check in ((1, 1, 1), (1, 2, 2), (2, 1, 3)):
                yield Link(
                    question=question,
                    pair=PAIR_ID,
                    person=HOLDERS[role],
                    role=role,
                    session=session,
                    attempt=attempt,
                    check=check,
                    mentee=MENTEE,
                )


def play(ahead: int, events: list[Event | int | None]) -> Life:
    """A life after events, days that go by (a number), and times that are found (None)."""
    life = AHEAD[ahead]()
    for event in events:
        if isinstance(event, int):
            life.wait(timedelta(days=event))
        elif event is not None:
            if refusal(life.state, event) is None:
                life.on(event)
        elif life.state.finding:
            life.slots()
    return life


YES = st.builds(
    InvitationAnswered,
    session=st.just(1),
    sequence=st.just(0),
    answer=st.just(InvitationAnswer.YES),
)
LIVES = st.builds(
    play,
    st.integers(0, len(AHEAD) - 1),
    st.lists(
        st.one_of(RANDOM_SIGNALS, RANDOM_UPDATES, YES, st.integers(1, 30), st.none()),
        max_size=12,
    ),
)


@settings(max_examples=150)
@given(LIVES)
def test_a_question_is_open_exactly_while_its_answer_is_taken(life: Life) -> None:
    for link in links():
        found = question_state(link, life.state, life.now)
        if link.question not in NOT_OF_THE_PAIR and found is not QuestionState.PARTED:
            assert found.asks == is_taken(link, life), (link.question, link.role, found)


def is_taken(link: Link, life: Life) -> bool:
    if link.question is Question.SIGN_OFF:
        return signed_off_or_lacking(life.state)
    answer = plain_answer(link, life.state)
    taken = answer is not None and why_ignored(life.state, answer, life.now) is None
    early = question_state(link, life.state, life.now) is QuestionState.EARLY
    if link.question is Question.PULSE and early:
        return False  # a survey may be faster than word that the session was held
    return taken


def signed_off_or_lacking(state: PairState) -> bool:
    """The page lists what the mentor lacks until it is done, so that much is no reason to close it."""
    why = refusal(state, SignOffMentor(rehearsed=True))
    return why is None or why.startswith("sign_off: still missing")


@settings(max_examples=150)
@given(LIVES, RANDOM_UPDATES)
def test_an_update_is_refused_exactly_when_it_would_change_nothing(
    life: Life, update: Event
) -> None:
    state = life.state.having(now=max(life.now, life.state.now))
    if isinstance(update, SignOffMentor):
        return  # refused until the supervisor's turn, too
    ignored = why_ignored(state, update, state.now)
    assert (refusal(state, update) is None) == (ignored is None)


@pytest.mark.parametrize(
    ("role", "holder", "expected"),
    [
        ("mentor", MENTOR, True),
        ("mentor", OTHER, False),
        ("mentee", MENTEE, True),
        ("mentee", OTHER, False),
        ("delegate", DELEGATE, True),
        ("delegate", OTHER, False),
        ("supervisor", SUPERVISOR, True),
        ("supervisor", OPS, False),
    ],
)
def test_only_whoever_has_the_role_now_is_still_asked(
    role: str, holder: str, expected: bool
) -> None:
    assert still_asked(role, holder, people()) is expected


def test_where_nobody_supervises_ops_are_asked() -> None:
    known = people()
    known[MENTOR] = known[MENTOR].model_copy(update={"supervisor": None})
    assert still_asked("supervisor", OPS, known)
    assert not still_asked("supervisor", SUPERVISOR, known)


def still_asked(role: str, holder: str, known: dict[str, Person]) -> bool:
    link = Link(question=Question.HELP, pair=PAIR_ID, person=holder, role=role)
    person = known.get(holder, known[OPS])
    mentor = known[MENTOR]
    supervisor = known.get(mentor.supervisor or "")
    return is_still_asked(link, person, PeopleOfPair(mentor, known[MENTEE], supervisor))


LEFT = [
    # who left      role of the link, its holder    still asked
    (SUPERVISOR, "supervisor", SUPERVISOR, False),
    (SUPERVISOR, "supervisor", OPS, True),
    (SUPERVISOR, "supervisor", SPONSOR, True),
    (SUPERVISOR, "mentor", MENTOR, True),
    (MENTOR, "mentor", MENTOR, False),
    (MENTEE, "mentee", MENTEE, False),
    (DELEGATE, "delegate", DELEGATE, False),
    (DELEGATE, "mentee", MENTEE, True),
]


@pytest.mark.parametrize(("left", "role", "holder", "expected"), LEFT)
def test_nobody_who_left_is_asked_and_who_stands_in_is(
    left: str, role: str, holder: str, expected: bool
) -> None:
    known = people()
    known[SPONSOR] = known[OPS].model_copy(
        update={"person": SPONSOR, "roles": frozenset({Role.SPONSOR})}
    )
    known[left] = known[left].model_copy(update={"left": True})
    assert still_asked(role, holder, known) is expected


@settings(max_examples=60)
@given(LIVES, st.sampled_from(sorted(HOLDERS)))
def test_every_question_that_is_listed_is_open(life: Life, role: str) -> None:
    link = Link(question=Question.HELP, pair=PAIR_ID, person=HOLDERS[role], role=role)
    for other in open_questions(link, life.state, life.now, ()):
        assert question_state(other, life.state, life.now).asks
        assert (other.person, other.role) == (link.person, link.role)


@settings(max_examples=60)
@given(LIVES)
def test_whatever_a_delegate_is_sent_the_mentee_is_sent_too(life: Life) -> None:
    """So nothing is lost with a delegate who has left."""
    for record in life.state.outbox:
        sent = {to: set[object]() for to in Recipient}
        for notice in record.notices:
            sent[notice.to].add((notice.template, notice.session, notice.attempt))
        assert sent[Recipient.DELEGATE] <= sent[Recipient.MENTEE]


@pytest.mark.parametrize("question", sorted(Question))
def test_a_delegate_may_be_asked_about_the_agenda_only(question: Question) -> None:
    link = Link(question=question, pair=PAIR_ID, person=DELEGATE, role="delegate")
    assert role_is_asked(link) is (question in (Question.ANSWER, Question.WINDOWS))
