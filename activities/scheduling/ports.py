"""What scheduling needs from outside. `Store.agendas` fits it."""

from typing import Protocol

from schemas.ids import PairRef
from schemas.scheduling import Agenda


class AgendaRows(Protocol):
    """Where agendas come from."""

    async def of_pair(self, pair: PairRef, mentee: str) -> Agenda:
        """Windows of both, what their other pairs have booked, and the region's calendar."""
        ...
