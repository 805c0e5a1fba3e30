"""How long a token or secret counts."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.sources.credentials import ends_soon, moment, use_is_noted, why_refused
from domain.sources.granting import EVERYTHING
from schemas.records.sources import EventSource, SourceListing

NOW = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def source(**changes: datetime) -> EventSource:
    return EventSource(name="lms", scope=EVERYTHING, credential=1).model_copy(
        update=changes
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"ends_at": NOW + SECOND}, None),
        ({"ends_at": NOW}, "ended on 2027-01-11 at 09:30 UTC"),
        ({"revoked_at": NOW - SECOND}, "was revoked"),
        ({"revoked_at": NOW - SECOND, "ends_at": NOW + SECOND}, "was revoked"),
    ],
)
def test_a_credential_counts_until_its_end_or_the_end_of_its_source(
    changes: dict[str, datetime], why: str | None
) -> None:
    found = why_refused(source(**changes), NOW)
    assert (why is None) == (found is None) and (why or "") in (found or "")


@pytest.mark.parametrize(
    ("text", "ends_at"),
    [
        ("never", None),
        ("now", NOW),
        ("90 days", NOW + timedelta(days=90)),
        ("2 hours", NOW + timedelta(hours=2)),
        ("PT48H", NOW + timedelta(days=2)),
        ("2027-12-31", datetime(2027, 12, 31, tzinfo=UTC)),
        (" Never ", None),
    ],
)
def test_an_end_is_a_date_a_duration_or_never(
    text: str, ends_at: datetime | None
) -> None:
    assert moment(text, NOW) == ends_at


@pytest.mark.parametrize("text", ["", "soon", "2027-13-01", "-1 day", "2027-01-10"])
def test_what_is_no_time_or_has_passed_is_refused_with_what_is_allowed(
    text: str,
) -> None:
    with pytest.raises(ValueError, match="allowed: a date such as 2027-12-31"):
        moment(text, NOW)


@pytest.mark.parametrize(
    ("changes", "soon"),
    [
        ({}, False),
        ({"ends_at": NOW + timedelta(days=31)}, False),
        ({"ends_at": NOW + timedelta(days=30)}, True),
        ({"ends_at": NOW - SECOND}, True),
        ({"ends_at": NOW - SECOND, "revoked_at": NOW}, False),
    ],
)
def test_an_end_is_named_a_month_before(
    changes: dict[str, datetime], soon: bool
) -> None:
    listing = SourceListing(name="lms", scope=EVERYTHING, signed=False, added_at=NOW)
    assert ends_soon(listing.model_copy(update=changes), NOW) is soon


@pytest.mark.parametrize(
    ("seconds", "noted"), [(0, True), (59, True), (60, False), (None, False)]
)
def test_the_last_use_is_noted_once_a_minute(seconds: int | None, noted: bool) -> None:
    changes = {} if seconds is None else {"last_used_at": NOW - seconds * SECOND}
    assert use_is_noted(source(**changes), NOW) is noted
