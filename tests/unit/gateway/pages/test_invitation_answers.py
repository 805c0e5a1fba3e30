"""An answer to an invitation is taken from the page exactly when the lifecycle takes it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.pair.questions import question_state
from domain.pair.refusals import why_ignored
from gateway.pages.answers import ANOTHER_ANSWER_HELPS
from schemas.events import InvitationAnswer, InvitationAnswered, Side
from schemas.links import Link, Question
from schemas.pair_updates import PausePair
from tests.support.lives import MENTEE, MENTOR, Life
from tests.unit.gateway.factories import DELEGATE, PAIR_ID, POLICY, House, proposed

HOLDERS = {"mentor": MENTOR, "mentee": MENTEE, "delegate": DELEGATE}
WITHOUT_HALF_HOURS = {
    **POLICY,
    "sessions": {"count": 3, "half_hour": False},
}


def answered(answer: InvitationAnswer) -> Life:
    return proposed().on(InvitationAnswered(session=1, sequence=0, answer=answer))


LIVES: dict[str, Callable[[], Life]] = {
    "proposed": proposed,
    "without half hours": lambda: proposed(WITHOUT_HALF_HOURS),
    "the mentor was asked": lambda: proposed().wait(timedelta(days=4, hours=12)),
    "agreed": lambda: answered(InvitationAnswer.YES),
    "looking again": lambda: answered(InvitationAnswer.NO),
    "begun": lambda: answered(InvitationAnswer.YES).wait(timedelta(days=10)),
    "paused": lambda: proposed().on(PausePair()),
}


@pytest.mark.parametrize("answer", list(InvitationAnswer))
@pytest.mark.parametrize("role", sorted(HOLDERS))
@pytest.mark.parametrize("life", sorted(LIVES))
async def test_a_page_takes_what_the_lifecycle_takes(
    at_home: House, life: str, role: str, answer: InvitationAnswer
) -> None:
    at = LIVES[life]()
    at_home.put(at)
    path = at_home.link(Question.ANSWER, role, HOLDERS[role], session=1)
    asked = at.state.current.status.value if at.state.current else ""
    form = {"answer": answer.value, "sequence": "0", "asked": asked}
    response = await at_home.browser.post(path, data=form)
    assert response.status_code == expected(at, role, answer)
    assert bool(at_home.signals()) == (response.status_code == 303)


def expected(life: Life, role: str, answer: InvitationAnswer) -> int:
    link = Link(
        question=Question.ANSWER,
        pair=PAIR_ID,
        person=HOLDERS[role],
        role=role,
        session=1,
    )
    if not question_state(link, life.state, life.now).asks:
        return 409
    side = Side.MENTOR if role == "mentor" else Side.MENTEE
    event = InvitationAnswered(session=1, sequence=0, answer=answer, side=side)
    ignored = why_ignored(life.state, event, life.now)
    return 422 if ignored in ANOTHER_ANSWER_HELPS else 303


def test_the_lives_hold_every_reason_that_a_page_can_give() -> None:
    """A time that has passed, a newer invite and a time not offered need a typed field each."""
    reasons = {
        why_ignored(
            life().state,
            InvitationAnswered(session=1, sequence=0, answer=answer, side=side),
            life().now,
        )
        for life in LIVES.values()
        for answer in InvitationAnswer
        for side in Side
    }
    assert {"the_mentee_is_asked", "not_offered", "already_agreed"} <= reasons
