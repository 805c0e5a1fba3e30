"""Whether tasks wait longer than workers that go on would let them."""

from schemas.records.queues import QueuesSeen

LONGEST_BACKLOG_SECONDS = 300.0
"""Age of a task from which something is wrong: a burst, such as Friday 18:00, is worked off sooner."""


def backlog_fault(seen: QueuesSeen) -> str:
    """Returns in words which tasks wait too long; empty: none."""
    late = [
        f"{each.tasks:,} {each.kind} tasks in {each.queue}"
        + (f" for version {each.version}" if each.version else "")
        + f", the oldest for {each.seconds / 60:,.0f} minutes"
        for each in seen.backlogs
        if each.tasks and each.seconds > LONGEST_BACKLOG_SECONDS
    ]
    return f"tasks wait: {'; '.join(late)}" if late else ""
