"""The search for times that suit both people of a pair."""

from domain.scheduling.availability import possible_starts
from domain.scheduling.slot_choice import choose_starts
from schemas.effects import FindSlots
from schemas.events import SlotsFound
from schemas.scheduling import Agenda
from schemas.time.calendar import utc


def choose_slots(agenda: Agenda, asked: FindSlots) -> SlotsFound:
    """Returns the best few starts in an agenda, or none."""
    starts = possible_starts(
        agenda, utc(asked.earliest), utc(asked.latest), asked.minutes
    )
    chosen = choose_starts(
        starts, agenda.mentee.zone, asked.minutes, asked.most, asked.refused
    )
    return SlotsFound(revision=asked.revision, session=asked.session, starts=chosen)
