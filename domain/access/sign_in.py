"""When a session or a link of an account still counts, and how fast passwords may be guessed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.records.access import FoundSession

SESSION_LASTS = timedelta(hours=12)
"""From sign-in to the next one, however much is done meanwhile."""
LINK_LASTS = timedelta(hours=24)
"""A sign-in link that nobody opened."""
REQUEST_LASTS = timedelta(minutes=10)
"""From the sign-in button to the answer of the OpenID provider."""
ATTEMPTS_COUNT_FOR = timedelta(minutes=15)
FREE_ATTEMPTS = 5
"""Passwords for one account that may be wrong before the next one has to wait."""
FREE_ATTEMPTS_OF_ADDRESS = 50
"""The same for one address; a proxy has one for everybody."""
LONGEST_WAIT = timedelta(minutes=5)


def session_open(found: FoundSession, now: datetime) -> bool:
    """Whether a session counts at `now`, wall time."""
    return (
        found.account.revoked_at is None
        and found.ended_at is None
        and now < found.started_at + SESSION_LASTS
    )


def link_open(made_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a sign-in link still signs in; it does so once."""
    return used_at is None and now < made_at + LINK_LASTS


def next_attempt(
    failed: Sequence[datetime], now: datetime, free: int = FREE_ATTEMPTS
) -> datetime | None:
    """When a password may be tried again; None: at once.

    `failed` are the attempts that failed, or whose end is not known yet. Each one after
    the `free` ones doubles the wait, from two seconds up to `LONGEST_WAIT`.
    """
    recent = [at for at in failed if at > now - ATTEMPTS_COUNT_FOR]
    over = len(recent) - free
    if over < 0:
        return None
    wait = min(timedelta(seconds=2) * 2 ** min(over, 20), LONGEST_WAIT)
    allowed = max(recent) + wait
    return allowed if allowed > now else None
