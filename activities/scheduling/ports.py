"""What scheduling needs from outside. The persistence Store fits it."""

from typing import Protocol

from schemas.ids import PairRef
from schemas.scheduling import Agenda


class AgendaStore(Protocol):
    """Where agendas come from."""

    async def agenda(self, pair: PairRef, mentee: str) -> Agenda:
        """Windows of both, what their other pairs have booked, and the region's calendar."""
        ...
