"""The activity that finds times for a session.

Agendas stay inside it: only starts go back to the pair.
"""

from temporalio import activity

from activities.redaction import redacted_failures
from activities.scheduling.ports import AgendaRows
from domain.scheduling.slots import choose_slots
from schemas.effects import FindSlots
from schemas.events import SlotsFound


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
