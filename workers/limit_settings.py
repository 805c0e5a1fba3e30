"""Settings about how much a worker does at a time."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings

from domain.notices.partitions import MOST_PARTITIONS


class LimitSettings(BaseSettings):
    """The part of the settings that limits a worker.

    A workflow task has to end ten seconds after it was taken, or its work is done again. Python
    runs one at a time, however many were taken: so a worker takes few, and more of them
    need more workers. `python -m benchmarks.wake` measured the defaults.
    """

    workflow_tasks: Annotated[int, Field(ge=2, le=500)] = 8
    """Most workflow tasks in hand at a time."""
    cached_workflows: Annotated[int, Field(ge=10, le=100_000)] | None = None
    """Most workflows kept in memory; the others are replayed from their histories when they wake, which costs several
    times as much as the task itself. None: as many as fit in a third of the memory, 1,000 to 20,000."""
    light_activities: Annotated[int, Field(ge=1, le=500)] = 40
    """Most activities at a time that hold up nobody: records, searches for times, starts."""
    matching_runs: Annotated[int, Field(ge=1, le=20)] = 2
    """Most matching runs and checks at a time, each in a process of its own."""
    mail_partitions: Annotated[int, Field(ge=1, le=MOST_PARTITIONS)] = 1
    """Deliveries that share the people who get mails among them, the same for all workers."""
