"""Programme time, by which every deadline of a programme runs."""

from datetime import datetime, timedelta

from schemas.base import LenientModel
from schemas.time.calendar import Instant


class Clock(LenientModel):
    """Programme time runs `pace` times faster than wall time from the two epochs on; pace 1 is the identity."""

    programme_epoch: Instant
    wall_epoch: Instant
    pace: float = 1.0

    def programme(self, wall: datetime) -> datetime:
        if self.pace == 1.0:
            return wall
        return self.programme_epoch + (wall - self.wall_epoch) * self.pace

    def wall(self, programme: datetime) -> datetime:
        if self.pace == 1.0:
            return programme
        return self.wall_epoch + (programme - self.programme_epoch) / self.pace

    def wait(self, programme: datetime, wall: datetime) -> timedelta:
        """Wall time from `wall` until `programme`, rounded up to a whole millisecond; zero when it has passed."""
        left = self.wall(programme) - wall
        if left <= timedelta(0):
            return timedelta(0)
        return timedelta(milliseconds=-(-left // timedelta(milliseconds=1)))

    def shortest_wait(self, floor: timedelta) -> timedelta:
        """Programme time in which `floor` of wall time passes; zero at pace 1."""
        return timedelta(0) if self.pace == 1.0 else floor * self.pace
