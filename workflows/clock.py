"""Programme time in workflows: the only place that turns the workflow's clock into it."""

from datetime import datetime, timedelta

from temporalio import workflow

from schemas.time.clock import Clock

LAG = timedelta(seconds=5)
"""Wall time by which a deadline may be served late and still count as served at its time."""


def now(clock: Clock) -> datetime:
    """Programme time, UTC."""
    return clock.programme(workflow.now())


def wait(clock: Clock, until: datetime) -> timedelta:
    """Wall time until programme time `until`, rounded up to a whole millisecond; zero when it has passed."""
    return clock.wait(until, workflow.now())


def served_at(clock: Clock, due: datetime) -> datetime:
    """The programme time at which a deadline counts as served.

    At a high pace an activity of a tenth of a second lasts hours, so programme time must not run past a deadline that
    is being served; but after an outage what fell due is handled now, with the notice that people need.
    """
    wall = workflow.now()
    return due if wall - clock.wall(due) <= LAG else clock.programme(wall)
