"""Which privacy notice the people of each region read, for whoever has to see that there is one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.privacy.which_notice import notice_for
from schemas.programme import ProgrammePlan
from schemas.records.privacy import PrivacyNotice


class RegionNotice(NamedTuple):
    """A region whose people take part, and what they read."""

    region: str
    notice: PrivacyNotice | None
    """None: they read none."""


def region_notices(
    plan: ProgrammePlan, notices: Sequence[PrivacyNotice]
) -> list[RegionNotice]:
    """Returns the regions of a programme, each with its notice.

    Those that lend it mentors come after them, then others with a notice of their own.
    """
    return [
        RegionNotice(region, notice_for(notices, plan.programme, region))
        for region in dict.fromkeys(_regions(plan, notices))
    ]


def _regions(plan: ProgrammePlan, notices: Sequence[PrivacyNotice]) -> Iterator[str]:
    """Yields regions, some more than once."""
    yield from (cohort.cohort.region for cohort in plan.cohorts)
    for cohort in plan.cohorts:
        yield from cohort.mentors_from
    for notice in notices:
        if notice.programme == plan.programme and notice.region:
            yield notice.region
