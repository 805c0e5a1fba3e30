"""From a checked document to a plan with dates: calendars, clock, and when each region may open at the earliest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import holidays

from domain.programme.document import written_regions
from schemas.ids import CohortRef, is_code
from schemas.programme import (
    CohortPlan,
    PlannedRegion,
    Problem,
    ProgrammeDocument,
    ProgrammePlan,
    Region,
)
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock

YEARS_OF_HOLIDAYS = 3
"""Years of holidays in a plan of one wave; each further wave adds a year."""


class RequestedRegion(NamedTuple):
    """What a region of a document asks of the people who were imported."""

    region: str
    mentors_from: Sequence[str]


def plan_of(
    document: ProgrammeDocument, wall: datetime
) -> tuple[ProgrammePlan | None, list[Problem]]:
    """Resolve a document into its plan, or into the problems that forbid one.

    The programme starts on the document's start day, or at `wall`, wall time, if that
    is later. The clock of a faster rehearsal always begins on the start day.
    """
    calendars, problems = _calendars(document)
    if problems:
        return None, problems
    clock = _clock(document, calendars[document.regions[0].region], wall)
    cohorts = tuple(
        _cohort(document, region, calendars[region.region])
        for region in document.regions
    )
    plan = ProgrammePlan(
        programme=document.programme,
        starts_at=max(
            clock.programme_epoch, _first_morning(document, cohorts[0].calendar)
        ),
        clock=clock,
        extension=document.extension,
        cohorts=cohorts,
    )
    return plan, []


def dated_regions(
    plan: ProgrammePlan, counts: Mapping[str, Mapping[str, int]]
) -> Iterator[PlannedRegion]:
    """Yields the latest dates of each region and wave, as if everybody used all the time
    that they have. A region that waits for another one opens when that one ends.
    """
    ends: dict[str, datetime] = {}
    # the first wave of every region in the document's order, then the second ones
    for wave, cohort in product(range(1, plan.extension.waves + 1), plan.cohorts):
        policy, calendar, region = cohort.policy, cohort.calendar, cohort.cohort.region
        opens = plan.starts_at
        if wave > 1:
            opens = ends[region] + policy.extension.next_wave_after
        elif cohort.after:
            opens = ends[cohort.after]
        opens = calendar.next_open(opens)
        trained = calendar.skip_closed(opens + policy.training.within)
        first = calendar.next_open(
            trained + policy.matching.agree_within + policy.sessions.notice
        )
        ends[region] = calendar.skip_closed(
            first + policy.sessions.every * (policy.sessions.count - 1)
        )
        yield PlannedRegion(
            region=region,
            wave=wave,
            opens=opens.date(),
            trained_by=trained.date(),
            first_sessions_about=first.date(),
            ends_about=ends[region].date(),
            mentors=sum(
                counts.get(name, {}).get("mentor", 0)
                for name in cohort.mentors_from or (region,)
            ),
            mentees=counts.get(region, {}).get("mentee", 0),
            missing=cohort.needs if wave == 1 else (),
        )


def people_problems(
    regions: Iterable[RequestedRegion | None],
    counts: Mapping[str, Mapping[str, int]],
    link: str,
) -> Iterator[Problem]:
    """Yields a problem for each region without imported mentors or mentees.

    Args:
        regions: None in place of one that cannot be read; it is skipped.
        counts: people by region and role.
        link: the console's page where people are imported.
    """
    known = f"known: {', '.join(sorted(counts)) or 'none'}; import people at {link}"
    for index, region in enumerate(regions):
        if region is None:
            continue
        at = f"regions[{index}]"
        if region.region not in counts:
            yield Problem(path=f"{at}.region", what=f"nobody imported for it; {known}")
        elif not counts[region.region].get("mentee"):
            yield Problem(
                path=f"{at}.region",
                what=f"no mentee imported for it; import people at {link}",
            )
        lenders = region.mentors_from or (region.region,)
        for place, lender in enumerate(region.mentors_from):
            if lender not in counts:
                yield Problem(
                    path=f"{at}.mentors_from[{place}]",
                    what=f"nobody imported for it; {known}",
                )
        if any(name in counts for name in lenders) and not any(
            counts.get(n, {}).get("mentor") for n in lenders
        ):
            yield Problem(
                path=f"{at}.mentors_from",
                what=f"no mentor imported in any of them; import people at {link}",
            )


def requested_regions(regions: object) -> Iterator[RequestedRegion | None]:
    """Yields the regions of a document that may be invalid; None for an unreadable one.

    So one check reports missing people together with the document's own problems.
    """
    for written in written_regions(regions):
        name, lenders = written.get("region"), written.get("mentors_from")
        known = isinstance(lenders, list) and all(map(is_code, lenders))
        yield (
            RequestedRegion(name, tuple(lenders or ()) if known else ())
            if is_code(name)
            else None
        )


def _calendars(
    document: ProgrammeDocument,
) -> tuple[dict[str, WorkCalendar], list[Problem]]:
    calendars: dict[str, WorkCalendar] = {}
    problems: list[Problem] = []
    for index, region in enumerate(document.regions):
        try:
            days = _holidays(
                region.country,
                document.starts_on.year,
                YEARS_OF_HOLIDAYS + document.extension.waves - 1,
            )
        except NotImplementedError:
            problems.append(
                Problem(
                    path=f"regions[{index}].country",
                    what="no public holidays are known for it; allowed: an ISO 3166 country code such as FR, DE or GB",
                )
            )
            continue
        calendars[region.region] = WorkCalendar(
            zone=region.zone,
            holidays=days,
            closed=region.closed,
            spread=document.timing.spread,
        )
    return calendars, problems


@lru_cache(maxsize=50)
def _holidays(country: str, first: int, count: int) -> tuple[date, ...]:
    return tuple(
        sorted(holidays.country_holidays(country, years=range(first, first + count)))
    )


def _clock(
    document: ProgrammeDocument, calendar: WorkCalendar, wall: datetime
) -> Clock:
    pace = document.rehearsal.pace if document.rehearsal else 1.0
    epoch = wall if pace == 1.0 else _first_morning(document, calendar)
    return Clock(programme_epoch=epoch, wall_epoch=wall, pace=pace)


def _first_morning(document: ProgrammeDocument, calendar: WorkCalendar) -> datetime:
    return calendar.next_open(calendar.at(document.starts_on, calendar.opens))


def _cohort(
    document: ProgrammeDocument, region: Region, calendar: WorkCalendar
) -> CohortPlan:
    return CohortPlan(
        cohort=CohortRef(programme=document.programme, region=region.region),
        policy=document.policy_of(region),
        calendar=calendar,
        locale=region.locale,
        mentors_from=region.mentors_from,
        after=region.after,
        opening=region.opening,
        needs=region.needs,
    )
