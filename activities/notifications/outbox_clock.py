"""Wall time of delivery, never behind PostgreSQL's."""

from collections.abc import Callable
from datetime import datetime, timedelta


class OutboxClock:
    """The worker's clock, put forward where PostgreSQL's is ahead of it.

    PostgreSQL says what is due. By a clock that is behind, the same row would be too
    early, postponed to when it was due, and due at once, over and over.
    """

    def __init__(self, local: Callable[[], datetime]) -> None:
        self._local = local
        self.behind = timedelta(0)

    def __call__(self) -> datetime:
        return self._local() + self.behind

    def see(self, at: datetime) -> None:
        """Learn what time it is now by PostgreSQL's clock."""
        self.behind = max(at - self._local(), timedelta(0))
