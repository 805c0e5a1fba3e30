"""What the processes of an installation show about its workers."""

from collections.abc import Sequence

from schemas.records.processes import Part, ProcessSeen

WELL = ""


def workers_fault(processes: Sequence[ProcessSeen]) -> str:
    """Returns in words what is wrong with the workers that Temporal lists; WELL: nothing.

    Temporal lists a worker for minutes after it ended, and one whose event loop stands
    still for as long as it is connected.
    """
    workers = [each for each in processes if each.part is Part.WORKER]
    going_on = [each for each in workers if each.goes_on]
    if not workers:
        return "Temporal lists one, and none has written to this database within a day"
    if not going_on:
        seconds = min(each.seconds_unseen for each in workers)
        return (
            f"none has shown for {seconds:,.0f} seconds that it goes on: it ended, its event loop stands still, "
            "or PostgreSQL takes nothing that it writes"
        )
    releases = {each.release for each in going_on}
    if "" in releases and len(releases) > 1:
        return (
            "one of them has no build id beside others that have: it is given no work"
        )
    return WELL
