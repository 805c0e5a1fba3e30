"""Pairs at each stage of their life, and what their people do next."""

from datetime import timedelta

from schemas import events as e
from schemas import pair_updates as u
from schemas.stages import SessionStatus
from tests.support.lives import MENTEE, Life, a_pair

MENTOR_SIDE, MENTEE_SIDE = e.Side.MENTOR, e.Side.MENTEE


YES, NO, ANOTHER, HALF = (
    e.InvitationAnswer.YES,
    e.InvitationAnswer.NO,
    e.InvitationAnswer.ANOTHER_TIME,
    e.InvitationAnswer.HALF_HOUR,
)


def started(**policy: object) -> Life:
    return Life(a_pair(policy)).on(e.Started())


def ready(**policy: object) -> Life:
    return started(**policy).on(
        e.Volunteered(),
        e.CharterSigned(side=MENTOR_SIDE),
        u.SignOffMentor(rehearsed=True),
    )


def matched(**policy: object) -> Life:
    return ready(**policy).on(e.Matched(mentee=MENTEE))


def in_sessions(**policy: object) -> Life:
    agreed = [e.MatchAgreed(side=side, mentee=MENTEE, charter=True) for side in e.Side]
    return matched(**policy).on(*agreed)


def proposed(**policy: object) -> Life:
    return in_sessions(**policy).slots()


def answer(life: Life, what: e.InvitationAnswer, **more: object) -> Life:
    s = life.state.current
    assert s is not None
    return life.on(
        e.InvitationAnswered(
            session=s.number,
            attempt=s.attempt,
            sequence=s.sequence,
            answer=what,
            **more,
        )
    )


def until_called(life: Life, what: e.InvitationAnswer = NO) -> Life:
    """Every time proposed is declined, until somebody is asked to call."""
    for _ in range(life.state.policy.sessions.declines_a_week - 1):
        life = answer(life, what).slots()
    return answer(life, what)


def agreed(**policy: object) -> Life:
    return answer(proposed(**policy), YES)


def until_over(life: Life) -> Life:
    s = life.state.current
    assert s is not None and s.start is not None
    return life.wait(s.start - life.now + timedelta(hours=3))


def hold(life: Life) -> Life:
    life = until_over(answer(life.slots(), YES))
    s = life.state.current
    assert s is not None
    return life.on(e.Held(session=s.number, attempt=s.attempt))


def status(life: Life) -> SessionStatus:
    return life.state.sessions[-1].status
