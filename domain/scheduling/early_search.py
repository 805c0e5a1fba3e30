"""Searches for times before a signal that begins one.

The gateway looks into the agendas and sends what it finds with the signal, which saves the
pair an activity. The pair takes it only where its own search could have found the same,
and searches itself otherwise.
"""

from datetime import datetime, timedelta

from domain.pair.advance import advance
from schemas.effects import FindSlots
from schemas.events import (
    EarlySlots,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    MatchAgreed,
    PairSignal,
    SlotsFound,
)
from schemas.pair import PairState

FRESH_FOR = timedelta(minutes=1)
"""Wall time for which an agenda counts as read just now: about as long as a search may
take until its result is recorded."""


def may_begin_search(signal: PairSignal) -> bool:
    """Whether a signal can make its pair look for times at once."""
    match signal:
        case Held() | MatchAgreed():
            return True
        case InvitationAnswered():
            return signal.answer in (InvitationAnswer.NO, InvitationAnswer.ANOTHER_TIME)
        case _:
            return False


def search_begun(
    state: PairState, signal: PairSignal, now: datetime
) -> FindSlots | None:
    """The search that a signal begins at programme time `now`, if any."""
    after = advance(state, signal, now).state
    return _newest_search(after) if after.revision > state.revision else None


def found_early(state: PairState, signal: PairSignal) -> SlotsFound | None:
    """The result of the search that a signal has just begun, if it came with the signal.

    None: there is no search, or the pair has to do it.
    """
    asked = _newest_search(state)
    if asked is None or not isinstance(signal, Held | MatchAgreed | InvitationAnswered):
        return None
    slots = signal.slots
    if slots is None or not _is_result(state, asked, slots):
        return None
    return SlotsFound(
        revision=asked.revision, session=asked.session, starts=slots.starts
    )


def _newest_search(state: PairState) -> FindSlots | None:
    """The search that the last transition began, if it did."""
    asked = state.finding
    return asked if asked and asked.revision == state.revision else None


def _is_result(state: PairState, asked: FindSlots, slots: EarlySlots) -> bool:
    age = state.clock.wall(state.now) - state.clock.wall(slots.at)
    return (
        abs(age) <= FRESH_FOR
        and (slots.mentee, slots.minutes) == (asked.mentee, asked.minutes)
        and 0 < len(slots.starts) <= asked.most
        and all(
            asked.earliest <= start <= asked.latest and start not in asked.refused
            for start in slots.starts
        )
    )
