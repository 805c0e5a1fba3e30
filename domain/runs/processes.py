"""What the processes of an installation show about its workers."""

from collections.abc import Sequence

from schemas.records.processes import Part, ProcessSeen

WELL = ""


def workers_fault(processes: Sequence[ProcessSeen], current: str) -> str:
    """Returns in words what is wrong with the workers that Temporal lists; WELL: nothing.

    Temporal lists a worker for minutes after it ended, and one whose event loop stands
    still for as long as it is connected.

    Args:
        current: build id of the version that gets the tasks; empty: unversioned workers do.
    """
    workers = [each for each in processes if each.part is Part.WORKER]
    going_on = [each for each in workers if each.goes_on]
    if not workers:
        return "none has written to this database within a day"
    if not going_on:
        seconds = min(each.seconds_unseen for each in workers)
        return (
            f"none has shown for {seconds:,.0f} seconds that it goes on: it ended, its event loop stands still, "
            "or PostgreSQL takes nothing that it writes"
        )
    return _versions_fault({each.release for each in going_on}, current)


def _versions_fault(releases: set[str], current: str) -> str:
    """`releases` are the build ids of workers that go on; empty: an unversioned one."""
    if not current:
        versioned = ", ".join(sorted(releases - {""}))
        if "" in releases:
            return WELL  # versioned ones beside it may be about to become current
        return f"no version is current, so workers of {versioned} are given no work"
    if current not in releases:
        return f"version {current} is current, and no worker of it goes on"
    if "" in releases:
        return (
            f"one of them has no build id, and version {current} is current: "
            "the one without is given no work"
        )
    return WELL
