"""What `binome sources` says of a source."""

from datetime import datetime

from domain.sources.granting import COLUMNS, EVERYTHING, short_name
from schemas.records.sources import SourceListing, SourceScope


def grant_in_words(scope: SourceScope) -> str:
    """Returns what a source may send, in one line."""
    words = _types(scope)
    if scope.columns:
        words += f" (of people: {_columns(scope)})"
    if scope.programmes:
        words += f" in {', '.join(sorted(scope.programmes))}"
    return words


def end_in_words(ends_at: datetime | None) -> str:
    return f"until {ends_at:%Y-%m-%d %H:%M} UTC" if ends_at else "without an end"


def listing_row(source: SourceListing, now: datetime) -> tuple[str, ...]:
    """Returns one row of the table."""
    return (
        source.name,
        _types(source.scope),
        _columns(source.scope),
        ", ".join(sorted(source.scope.programmes)) or "all",
        "signature" if source.signed else "token",
        _end(source, now),
        _minute(source.last_used_at) or "never",
    )


def _types(scope: SourceScope) -> str:
    if scope.types == EVERYTHING.types:
        return "everything"
    return ", ".join(sorted(map(short_name, scope.types)))


def _columns(scope: SourceScope) -> str:
    return "all" if scope.columns == COLUMNS else ", ".join(sorted(scope.columns))


def _end(source: SourceListing, now: datetime) -> str:
    if source.revoked_at:
        return f"revoked {_minute(source.revoked_at)}"
    end = _minute(source.ends_at) or "never"
    if source.ends_at and source.ends_at <= now:
        end = f"ended {end}"
    if source.older_until and source.older_until > now:
        end += f" (the old one {_minute(source.older_until)})"
    return end


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
