"""The delays after which a mail that the server deferred is tried again."""

from datetime import timedelta

FIRST_RETRY_DELAY = timedelta(seconds=30)
LONGEST_RETRY_DELAY = timedelta(hours=1)
MAX_ATTEMPTS = 100
"""About four days, as mail servers do."""


def retry_delay(attempts: int) -> timedelta | None:
    """Wall time until the next attempt, after so many; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    doubled: timedelta = FIRST_RETRY_DELAY * 2 ** min(attempts - 1, 10)
    return min(LONGEST_RETRY_DELAY, doubled)
