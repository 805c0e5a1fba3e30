"""When a mail that did not go out is tried again, and when no more."""

from datetime import timedelta

FIRST_RETRY_DELAY = timedelta(seconds=30)
LONGEST_RETRY_DELAY = timedelta(hours=1)
FIRST_CUT_DELAY = timedelta(seconds=1)
"""A server that restarts cuts every connection, and is there again in a moment."""
MAX_ATTEMPTS = 100
"""About four days, as mail servers do."""
MOST_SENDS = 2
"""Times that a mail may be given whole to servers of which none says that it took it.

Its reader may have it once for each: once, and one repeat.
"""


def retry_delay(attempts: int) -> timedelta | None:
    """Wall time until the next attempt, after so many; None: give up.

    The server said that it does not take the mail for now.
    """
    return _delay(FIRST_RETRY_DELAY, attempts)


def cut_delay(attempts: int) -> timedelta | None:
    """The same where the connection broke, or the server was silent for too long."""
    return _delay(FIRST_CUT_DELAY, attempts)


def may_be_sent(sends_in_doubt: int) -> bool:
    """Whether a mail may be sent that servers may have taken so often."""
    return sends_in_doubt < MOST_SENDS


def _delay(first: timedelta, attempts: int) -> timedelta | None:
    if attempts >= MAX_ATTEMPTS:
        return None
    doubled: timedelta = first * 2 ** min(attempts - 1, 12)
    return min(LONGEST_RETRY_DELAY, doubled)
