"""How long a source's token or secret counts. All times are wall time."""

from datetime import UTC, date, datetime, time, timedelta

from schemas.records.sources import EventSource, SourceListing
from schemas.time.durations import parse_duration

LIFE = timedelta(days=365)
"""How long a credential counts for which nothing else was said."""
OVERLAP = timedelta(days=1)
"""For which the old credential works beside the new one."""
ENDING_SOON = timedelta(days=30)
"""Before its end a credential is named, so that somebody makes another in time."""
USE_NOTED_EVERY = timedelta(minutes=1)
ALLOWED = "allowed: a date such as 2027-12-31, a duration such as 90 days, never, now"


def why_refused(source: EventSource, now: datetime) -> str | None:
    """Returns why a credential counts no more, in words; None: it counts."""
    if source.revoked_at is not None:
        return "this source was revoked; `binome sources add` grants it anew"
    if source.ends_at is not None and source.ends_at <= now:
        return (
            f"this credential ended on {source.ends_at:%Y-%m-%d at %H:%M %Z};"
            " `binome sources rotate` makes a new one"
        )
    return None


def ends_soon(source: SourceListing, now: datetime) -> bool:
    """Whether a source that is in force needs another credential, or needed one before."""
    if source.revoked_at is not None or source.ends_at is None:
        return False
    return source.ends_at <= now + ENDING_SOON


def use_is_noted(source: EventSource, now: datetime) -> bool:
    """Whether its last use is noted as of now, as far as anybody needs to know."""
    last = source.last_used_at
    return last is not None and now - last < USE_NOTED_EVERY


def moment(text: str, now: datetime) -> datetime | None:
    """Read when something ends: `never`, `now`, a date (its beginning, UTC), or a duration from now.

    Raises:
        ValueError: it is none of these, or has passed; the text is not repeated.
    """
    text = text.strip().lower()
    if text in ("never", "now"):
        return now if text == "now" else None
    try:
        ends_at = datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        try:
            ends_at = now + parse_duration(text)
        except ValueError:
            raise ValueError(f"not a time; {ALLOWED}") from None
    if ends_at < now:
        raise ValueError(f"has passed; {ALLOWED}")
    return ends_at
