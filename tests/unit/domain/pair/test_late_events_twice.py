"""The same fact twice, in whatever order, and clocks that are off: the outcome is the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.pair.advance import advance
from schemas import events as e
from schemas.stages import SessionStatus
from tests.support.lives import DAY, MENTEE, Life
from tests.unit.domain.pair.factories import (
    HALF,
    MENTEE_SIDE,
    MENTOR_SIDE,
    NO,
    YES,
    agreed,
    hold,
    in_sessions,
    matched,
    proposed,
    ready,
    started,
    status,
    until_over,
)
from tests.unit.domain.pair.test_late_events import A_MODULE, HOURS, to

TWICE: list[tuple[Callable[[], Life], e.Event]] = [
    (started, e.Volunteered(charter=True)),
    (started, e.CharterSigned(side=MENTOR_SIDE)),
    (started, e.Rehearsed()),
    (lambda: started(training=A_MODULE), e.ModuleCompleted(module="listening")),
    (started, e.Declined()),
    (ready, e.Matched(mentee=MENTEE)),
    (matched, e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE, charter=True)),
    (matched, e.MatchRefused(side=MENTOR_SIDE, mentee=MENTEE)),
    (proposed, to(1, 0, YES)),
    (proposed, to(1, 0, NO)),
    (proposed, to(1, 0, HALF)),
    # giving up what was agreed counts once
    (agreed, to(1, 0, NO)),
    (lambda: until_over(agreed()), e.Held(session=1)),
    # a session that did not take place counts once
    (lambda: until_over(agreed()), e.Held(session=1, held=False)),
    (lambda: hold(in_sessions()), e.PulseReceived(session=1, pulse="other")),
    (in_sessions, e.ConcernRaised(concern="c1")),
    (
        lambda: in_sessions().on(e.ConcernRaised(concern="c1")),
        e.CheckedIn(check=1, well=False),
    ),
    (in_sessions, e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE)),
    (in_sessions, e.NoticeFailed(notice="n1", reason="address_refused")),
]


@pytest.mark.parametrize(("life", "event"), TWICE)
def test_the_same_fact_twice_is_one(life: Callable[[], Life], event: e.Event) -> None:
    once = life().on(event)
    state = once.state
    assert once.on(event).state == state
    assert once.ignored is not None


CLOCKS_OFF = [-30 * DAY, -5 * HOURS, timedelta(0)]


@pytest.mark.parametrize("off", CLOCKS_OFF)
def test_time_that_goes_back_is_the_time_of_the_event_before(off: timedelta) -> None:
    life = proposed()
    event = to(1, 0, YES)
    assert advance(life.state, event, life.now + off) == advance(
        life.state, event, life.now
    )


def test_an_event_hours_ahead_of_all_others_leaves_the_rest_in_order() -> None:
    ahead = started().state
    after = advance(ahead, e.Rehearsed(), ahead.now + 5 * HOURS).state
    assert advance(after, e.Volunteered(), ahead.now).state.now == ahead.now + 5 * HOURS


def test_a_deadline_that_was_moved_or_served_is_stale() -> None:
    life = agreed()
    assert (
        life.on(e.DeadlinePassed(deadline="answer_due", at=life.now)).ignored == "stale"
    )
    assert life.on(e.SlotsFound(revision=1, session=1)).ignored == "stale"
    assert status(life) is SessionStatus.AGREED
