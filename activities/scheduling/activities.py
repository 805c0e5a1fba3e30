"""The activity that finds times for a session.

Agendas stay inside it: only starts go back to the pair.
"""

from temporalio import activity

from activities.redaction import redacted_failures
from activities.scheduling.ports import AgendaRows
from domain.scheduling.availability import possible_starts
from domain.scheduling.slot_choice import choose_starts
from schemas.effects import FindSlots
from schemas.events import SlotsFound
from schemas.scheduling import Agenda
from schemas.time.calendar import utc


class SchedulingActivities:
    """Finds times in agendas; its methods are the activities."""

    def __init__(self, agendas: AgendaRows) -> None:
        self._agendas = agendas

    @activity.defn
    @redacted_failures
    async def find_slots(self, asked: FindSlots) -> SlotsFound:
        """Returns the best few starts that suit both, or none.

        Raises:
            ApplicationError: the agendas cannot be read; a retry looks again.
        """
        return choose_slots(
            await self._agendas.of_pair(asked.pair, asked.mentee), asked
        )


def choose_slots(agenda: Agenda, asked: FindSlots) -> SlotsFound:
    starts = possible_starts(
        agenda, utc(asked.earliest), utc(asked.latest), asked.minutes
    )
    chosen = choose_starts(
        starts, agenda.mentee.zone, asked.minutes, asked.most, asked.refused
    )
    return SlotsFound(revision=asked.revision, session=asked.session, starts=chosen)
