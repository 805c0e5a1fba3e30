"""The activity that finds times for a session. Agendas stay inside it: only starts go back to the pair."""

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.scheduling.ports import AgendaRows
from domain.scheduling.availability import suiting_starts
from domain.scheduling.slot_choice import best
from schemas.calendar import utc
from schemas.effects import FindSlots
from schemas.events import SlotsFound
from schemas.scheduling import Agenda

log = structlog.get_logger()


class SchedulingActivities:
    """Finds times in agendas; its methods are the activities."""

    def __init__(self, agendas: AgendaRows) -> None:
        self._agendas = agendas

    @activity.defn
    async def find_slots(self, asked: FindSlots) -> SlotsFound:
        """The best few starts that suit both; none at all is an answer too.

        Raises:
            ApplicationError: the store is away; a retry looks again.
        """
        try:
            return find(await self._agendas.of_pair(asked.pair, asked.mentee), asked)
        except Exception as error:  # its text may quote values: only its type is told
            log.warning("scheduling stopped", error=type(error).__name__)
            raise ApplicationError(
                "scheduling stopped; it is tried again", type="SchedulingStopped"
            ) from None


def find(agenda: Agenda, asked: FindSlots) -> SlotsFound:
    """The answer to a question, from an agenda."""
    starts = suiting_starts(
        agenda, utc(asked.earliest), utc(asked.latest), asked.minutes
    )
    chosen = best(starts, agenda.mentee.zone, asked.minutes, asked.most, asked.refused)
    return SlotsFound(revision=asked.revision, session=asked.session, starts=chosen)
