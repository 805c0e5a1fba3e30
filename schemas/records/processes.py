"""Workers and gateways as PostgreSQL sees them: which go on, and since when not."""

from enum import StrEnum

from schemas.base import LenientModel
from schemas.time.calendar import Instant

LONGEST_SILENCE_SECONDS = 60.0
"""A process that goes on writes every ten seconds; after a minute something holds it up."""


class Part(StrEnum):
    """The kinds of process that a deployment runs."""

    WORKER = "worker"
    GATEWAY = "gateway"


class ProcessSeen(LenientModel):
    """One process, and when it last showed that it goes on."""

    process: str
    part: Part
    host: str
    release: str = ""
    """Build id of a worker; empty: unversioned."""
    started_at: Instant
    seconds_unseen: float

    @property
    def goes_on(self) -> bool:
        return self.seconds_unseen <= LONGEST_SILENCE_SECONDS


class WriteFault(StrEnum):
    """Why PostgreSQL takes nothing that a process writes."""

    DISK_FULL = "disk_full"
    NOT_ALLOWED = "not_allowed"
    READ_ONLY = "read_only"
    """A replica, or a server that was told to."""
    NO_ANSWER = "no_answer"
    OTHER = "other"
    """The log says the kind of error."""


class Overdue(LenientModel):
    """Seconds since the oldest of its kind was due that nobody has in hand; 0: none is."""

    mails: float = 0.0
    events: float = 0.0
