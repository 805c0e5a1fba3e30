"""Applies updates of people that were sent for a later day, once that day has come."""

import asyncio
from datetime import UTC, datetime

import structlog

from activities.persistence.people.updates import PeopleUpdates

LOOK_EVERY_SECONDS = 60.0
"""Seconds between two looks for updates whose day has come; so late a day may begin."""

log = structlog.get_logger(__name__)


async def apply_dated_updates(
    updates: PeopleUpdates, every: float = LOOK_EVERY_SECONDS
) -> None:
    """Run for ever; while PostgreSQL is unavailable, wait for it."""
    while True:
        try:
            while await updates.apply_due(datetime.now(UTC)):
                pass  # there may be another page of them
        except (
            Exception
        ) as error:  # whatever it is, nothing is lost, and the next look may succeed
            log.warning("days_wait", error=type(error).__name__)
        await asyncio.sleep(every)
