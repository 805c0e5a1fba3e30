"""Programme time in workflows, made of the workflow's own clock."""

from datetime import datetime, timedelta

from temporalio import workflow

from schemas.time.clock import Clock

ALLOWED_LATENESS = timedelta(seconds=5)
"""Wall time by which a deadline may be served late and still count as on time."""


def now(clock: Clock) -> datetime:
    """Returns the current programme time, UTC."""
    return clock.programme(workflow.now())


def wait(clock: Clock, until: datetime) -> timedelta:
    """Returns the wall time until programme time `until`, in whole milliseconds; zero
    when it has passed.
    """
    return clock.wait(until, workflow.now())


def served_at(clock: Clock, due: datetime) -> datetime:
    """The programme time at which a deadline counts as served: its own, or now if it is late.

    At a high pace an activity of a tenth of a second lasts hours of programme time, so a
    deadline served a little late counts as on time. After an outage it counts as served
    now, so that people still have the notice that the policy promises.
    """
    wall = workflow.now()
    return due if wall - clock.wall(due) <= ALLOWED_LATENESS else clock.programme(wall)
