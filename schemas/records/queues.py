"""Task queues as Temporal sees them: how long tasks wait in each, and which release gets them."""

from schemas.base import LenientModel


class QueueBacklog(LenientModel):
    """Tasks of one kind that wait in one queue."""

    queue: str
    kind: str
    """`workflow` or `activity`."""
    version: str = ""
    """Build id of the workers that they wait for; empty: whichever gets the queue's tasks."""
    tasks: int
    """About how many."""
    seconds: float
    """Age of the oldest."""


class QueuesSeen(LenientModel):
    """All of our queues at one moment."""

    backlogs: tuple[QueueBacklog, ...] = ()
    polled: bool = False
    """Whether a worker asks for workflow tasks, or did some minutes ago."""
    current: str = ""
    """Build id of the current version of the workers; empty: unversioned workers get the tasks."""
