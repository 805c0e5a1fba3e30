"""Pairs in the situations in which an event comes late: played like the example pairs, from which they go on."""

from schemas import events as e
from schemas.guard import KeptTogether
from tools.docs.example_pairs import (
    DAY,
    HOUR,
    MENTEE,
    NEXT,
    ExamplePair,
    agreed,
    announced,
    frozen,
    looking,
    not_reported,
    past,
    proposed,
)


def looking_again() -> ExamplePair:
    return proposed().answer(e.InvitationAnswer.NO)


def replaced() -> ExamplePair:
    return looking_again().slots(5 * DAY)


def moved() -> ExamplePair:
    pair = proposed()
    return pair.answer(e.InvitationAnswer.ANOTHER_TIME, pair.session.alternatives[0])


def lapsed() -> ExamplePair:
    pair = proposed()
    return pair.until(pair.start + HOUR)


def passed() -> ExamplePair:
    pair = looking().slots(5 * DAY, DAY)
    return pair.until(pair.session.alternatives[0] + HOUR)


def make_up_begun() -> ExamplePair:
    pair = not_reported().slots(DAY).answer(e.InvitationAnswer.YES)
    return pair.until(pair.start + HOUR)


def held_in_a_pause() -> ExamplePair:
    pair = agreed()
    start = pair.start
    return pair.paused().until(start + 2 * HOUR)


def rematched() -> ExamplePair:
    return not_reported().on(
        e.PersonLeft(side=e.Side.MENTEE, mentee=MENTEE), e.Matched(mentee=NEXT)
    )


def parted() -> ExamplePair:
    return announced().on(e.MatchRefused(side=e.Side.MENTOR, mentee=MENTEE))


def missed() -> ExamplePair:
    return past().on(e.Held(session=1, held=False))


def kept() -> ExamplePair:
    return frozen().on(KeptTogether(reason="agreed"))
