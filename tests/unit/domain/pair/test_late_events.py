"""Events that come late, early, twice or by a clock that is off: a row a case, with what becomes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.pair.advance import advance
from schemas import events as e
from schemas import pair_updates as u
from tests.support.lives import DAY, MENTEE, OTHER, Life
from tests.unit.domain.pair.factories import (
    ANOTHER,
    HALF,
    MENTEE_SIDE,
    MENTOR_SIDE,
    NO,
    YES,
    agreed,
    answer,
    hold,
    in_sessions,
    matched,
    proposed,
    ready,
    started,
    until_over,
)

HOURS = timedelta(hours=1)
ONE = {"count": 1}


def to(
    number: int, sequence: int, what: e.InvitationAnswer, **more: object
) -> e.InvitationAnswered:
    return e.InvitationAnswered.model_validate(
        {"session": number, "sequence": sequence, "answer": what, **more}
    )


def both_agree(mentee: str) -> list[e.Event]:
    return [e.MatchAgreed(side=side, mentee=mentee, charter=True) for side in e.Side]


def not_reported(**policy: object) -> Life:
    """The first session is past, and after everybody was asked a make-up is looked for."""
    return until_over(agreed(**policy)).wait(20 * DAY)


def lapsed() -> Life:
    """The time of the first proposal came without an answer."""
    life = proposed()
    session = life.state.current
    assert session and session.start
    return life.wait(session.start - life.now + 2 * HOURS)


def paused_over(life: Life) -> Life:
    """Paused before the session, whose time has passed meanwhile."""
    session = life.on(u.PausePair()).state.sessions[-1]
    assert session.start
    return life.wait(session.start - life.now + 2 * HOURS)


def rematched(life: Life) -> Life:
    """The mentee left, and another one is announced who has not agreed yet."""
    return life.on(
        e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE), e.Matched(mentee=OTHER)
    )


def moved() -> Life:
    """Agreed at the other time offered, so the invite is a newer one."""
    life = proposed()
    session = life.state.current
    assert session
    return answer(life, ANOTHER, start=session.alternatives[0])


def earlier_alternative() -> Life:
    """Two times are offered, the second one earlier than the first, and it has passed."""
    life = in_sessions()
    asked = life.state.finding
    assert asked
    early = asked.earliest + DAY
    return life.slots(early + 2 * DAY, early).wait(early - life.now + HOURS)


def offered(life: Life) -> e.InvitationAnswered:
    session = life.state.current
    assert session
    return to(1, 0, ANOTHER, start=session.alternatives[0])


def a_day(hours: int) -> e.InvitationAnswered:
    """Another time by a clock that is some hours off the one offered."""
    session = proposed().state.current
    assert session
    return to(1, 0, ANOTHER, start=session.alternatives[0] + hours * HOURS)


def closed() -> Life:
    return in_sessions().on(u.EndPair(reason="moved"))


A_MODULE: dict[str, object] = {"modules": ["listening", "daring"]}
KNOWN, CLOSED = "already_known", "closed"

IGNORED: list[tuple[Callable[[], Life], e.Event, str]] = [
    # Answers to an invitation
    # a yes to an invite that was replaced would agree to a time nobody holds any more
    (lambda: answer(proposed(), NO).slots(), to(1, 0, YES), "newer_invite"),
    # a no to the time that was moved: the newer one still counts
    (moved, to(1, 0, NO), "newer_invite"),
    # an invite that was never sent: a sender who counts wrong
    (proposed, to(1, 7, YES), "newer_invite"),
    # a yes while another time is looked for: the next invite asks again
    (lambda: answer(proposed(), NO), to(1, 0, YES), "no_longer_asked"),
    # a yes after the proposal lapsed in silence
    (lapsed, to(1, 0, YES), "no_longer_asked"),
    # giving up a time at which they sit together already: the mentor is asked whether it was held
    (lambda: until_over(agreed()), to(1, 0, NO), "no_longer_asked"),
    # an answer about a session that was held
    (lambda: hold(in_sessions()), to(1, 0, NO), "another_session"),
    # an answer about a session that nobody plans yet
    (proposed, to(2, 0, YES), "another_session"),
    # an answer that arrives in the pause that withdrew its invite
    (lambda: proposed().on(u.PausePair()), to(1, 0, YES), "another_session"),
    # half an hour, when the whole hour is agreed already
    (agreed, to(1, 0, HALF), "already_agreed"),
    # the mentor's yes before the mentee was silent
    (proposed, to(1, 0, YES, side=MENTOR_SIDE), "the_mentee_is_asked"),
    # a time chosen by a clock two hours ahead, or behind: not one of those offered
    (proposed, a_day(2), "not_offered"),
    (proposed, a_day(-2), "not_offered"),
    # one of those offered, but it has passed
    (earlier_alternative, offered(earlier_alternative()), "time_has_passed"),
    # Held, or not
    # by a clock that is ahead: before the session, word that it was held
    (agreed, e.Held(session=1), "not_over_yet"),
    (agreed, e.Held(session=1, held=False), "not_over_yet"),
    # the same word twice
    (lambda: hold(in_sessions()), e.Held(session=1), KNOWN),
    # the opposite word afterwards: the first one counts, be it yes or no
    (lambda: hold(in_sessions()), e.Held(session=1, held=False), "first_word_counts"),
    (
        lambda: until_over(agreed()).on(e.Held(session=1, held=False)),
        e.Held(session=1),
        "first_word_counts",
    ),
    # a late no: nothing is held against anybody, a make-up is planned already
    (not_reported, e.Held(session=1, held=False), "no_longer_asked"),
    (lapsed, e.Held(session=1, held=False), "no_longer_asked"),
    # a late yes, when the make-up was held
    (lambda: hold(not_reported()), e.Held(session=1), "no_longer_asked"),
    # a late yes about the mentee before, while the next one has not agreed yet
    (lambda: rematched(not_reported()), e.Held(session=1), "no_longer_asked"),
    # ... and when the sessions with the next one have begun
    (
        lambda: rematched(not_reported()).on(*both_agree(OTHER)),
        e.Held(session=1),
        "no_longer_asked",
    ),
    # a session that nobody planned, or no time was found for yet
    (agreed, e.Held(session=2), "another_session"),
    (in_sessions, e.Held(session=1), "another_session"),
    # Training
    # a module that is none of this programme's
    (
        lambda: started(training=A_MODULE),
        e.ModuleCompleted(module="cooking"),
        "not_a_module_of_this_programme",
    ),
    # the charter of a mentee: it is signed with the agreement, which names the match
    (matched, e.CharterSigned(side=MENTEE_SIDE), "signed_with_the_agreement"),
    # a no to the programme when the gate is open: refuse the match, or have HR end the pair
    (ready, e.Declined(), "already_ready"),
    # hours: they are in PostgreSQL, and the next search reads them
    (agreed, e.WindowsGiven(side=MENTEE_SIDE), "used_at_the_next_search"),
    # Matching
    # the cohort's claim when the mentor is not ready, or has somebody, or was parted from just them
    (started, e.Matched(mentee=MENTEE), "not_ready"),
    (matched, e.Matched(mentee=OTHER), "seat_is_taken"),
    (
        lambda: matched().on(e.MatchRefused(side=MENTOR_SIDE, mentee=MENTEE)),
        e.Matched(mentee=MENTEE),
        "parted_before",
    ),
    # words about a match that was parted, about another one, or before there is one
    (
        lambda: rematched(agreed()),
        e.MatchAgreed(side=MENTEE_SIDE, mentee=MENTEE, charter=True),
        "another_match",
    ),
    (
        lambda: rematched(agreed()),
        e.MatchRefused(side=MENTOR_SIDE, mentee=MENTEE),
        "another_match",
    ),
    (ready, e.MatchAgreed(side=MENTOR_SIDE, mentee=MENTEE), "another_match"),
    # a no after both agreed: parting them is for HR then
    (in_sessions, e.MatchRefused(side=MENTEE_SIDE, mentee=MENTEE), "already_agreed"),
    # the mentee before leaves: the present one stays
    (
        lambda: rematched(agreed()),
        e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE),
        "another_match",
    ),
    # the mentee leaves when every session was held: their thanks and the certificate still come
    (
        lambda: hold(in_sessions(sessions=ONE)),
        e.PersonLeft(side=MENTEE_SIDE, mentee=MENTEE),
        "all_sessions_held",
    ),
    # Supervision
    # a talk that nobody asked for, an older one while somebody waits for a call
    (in_sessions, e.CheckedIn(check=1), "not_asked"),
    (
        lambda: hold(hold(hold(in_sessions()))).on(e.ConcernRaised(concern="c1")),
        e.CheckedIn(check=1),
        "newer_request",
    ),
    # a pulse about a session for which nobody was invited
    (in_sessions, e.PulseReceived(session=1, pulse="other"), "another_session"),
    (agreed, e.PulseReceived(session=4, pulse="other"), "another_session"),
    # a pulse about a session that nobody reported as held, or that was missed
    (agreed, e.PulseReceived(session=1, pulse="other"), "not_held"),
    (
        lambda: until_over(agreed()).on(e.Held(session=1, held=False)),
        e.PulseReceived(session=1, pulse="other"),
        "not_held",
    ),
]


@pytest.mark.parametrize(("life", "event", "why"), IGNORED)
def test_what_comes_late_or_astray_changes_nothing_and_says_why(
    life: Callable[[], Life], event: e.Event, why: str
) -> None:
    before = life()
    done = advance(before.state, event, before.now)
    assert (done.ignored, done.state.having(now=before.state.now)) == (
        why,
        before.state,
    )


EVERY_KIND: list[e.Event] = [
    e.Volunteered(),
    e.ModuleCompleted(module="listening"),
    e.Matched(mentee=OTHER),
    *both_agree(MENTEE),
    to(1, 0, NO),
    e.Held(session=1),
    e.PulseReceived(session=1, pulse="one"),
    e.ConcernRaised(concern="c1"),
    e.CheckedIn(check=1),
    e.PersonLeft(side=MENTOR_SIDE),
    u.ResumePair(),
]


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: event.kind)
def test_a_closed_pair_stays_as_it_closed(event: e.Event) -> None:
    life = closed()
    assert advance(life.state, event, life.now + DAY) == advance(
        life.state, e.Declined(), life.now
    )
    assert life.on(event).ignored == CLOSED
