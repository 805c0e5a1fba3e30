"""What is wrong when one of our loops stands still, or may not write."""

from datetime import timedelta

from schemas.records.processes import Overdue, WriteFault

LONGEST_OVERDUE_SECONDS = 600.0
"""What has been due for so long is in nobody's hands: a server that is away postpones it by seconds."""
MISSED_STARTS = 3
"""Intervals without a start after which a schedule does not do its work."""


def delivery_fault(overdue: Overdue) -> str:
    """Returns in words which deliveries stand still; empty: none."""
    late = [
        f"{what} have been due for {seconds / 60:,.0f} minutes"
        for what, seconds in (("mails", overdue.mails), ("events", overdue.events))
        if seconds > LONGEST_OVERDUE_SECONDS
    ]
    return f"{' and '.join(late)}, and nobody has them in hand" if late else ""


def is_late(since_start: timedelta, every: timedelta) -> bool:
    """Whether a schedule was last started too long ago for its interval."""
    return since_start > every * MISSED_STARTS + timedelta(minutes=1)


def write_fault_in_words(fault: WriteFault) -> str:
    match fault:
        case WriteFault.DISK_FULL:
            return "PostgreSQL's disk is full"
        case WriteFault.NOT_ALLOWED:
            return "this account may not write at PostgreSQL: a permission was refused"
        case WriteFault.READ_ONLY:
            return "PostgreSQL is read-only, as a replica is"
        case WriteFault.NO_ANSWER:
            return "PostgreSQL does not answer"
        case WriteFault.OTHER:
            return "PostgreSQL refuses what is written; the log says how"
