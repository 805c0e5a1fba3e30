"""What was said of people for a day to come holds when its day has come."""

import asyncio
from datetime import UTC, datetime

import structlog

from activities.persistence.people.updates import PeopleUpdates

LOOK_EVERY_SECONDS = 60.0
"""Seconds between looks; a day that begins may be so late."""

log = structlog.get_logger(__name__)


async def apply_dated_updates(
    updates: PeopleUpdates, every: float = LOOK_EVERY_SECONDS
) -> None:
    """For ever; PostgreSQL away is waited for."""
    while True:
        try:
            while await updates.apply_due(datetime.now(UTC)):
                pass  # there may be another page of them
        except (
            Exception
        ) as error:  # whatever it is, nothing is lost, and the next look may succeed
            log.warning("days_wait", error=type(error).__name__)
        await asyncio.sleep(every)
