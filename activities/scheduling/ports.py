"""What scheduling needs from outside. `Store.agendas` fits it."""

from typing import Protocol

from schemas.ids import PairRef
from schemas.scheduling import Agenda


class AgendaRows(Protocol):
    """Reads the agendas of a pair."""

    async def of_pair(self, pair: PairRef, mentee: str) -> Agenda:
        """Reads the windows of both, what is booked already, and the region's calendar."""
        ...
