"""What a run of matching reads: everybody who may be matched, and all that the rules ask about them, at once."""

import json
from collections.abc import Sequence
from functools import lru_cache

from activities.persistence.database import Queries, Repository, Row
from activities.persistence.programmes.cohorts import cohort_columns, cohort_plan
from schemas.ids import CohortRef
from schemas.matches.matching import FreeSeat, MatchingPool
from schemas.people import Person
from schemas.policy import Policy
from schemas.programme import CohortPlan
from schemas.time.calendar import Window, WorkCalendar


class Pools(Repository):
    """The people and seats of a cohort that may be matched."""

    async def current(self, cohort: CohortRef) -> MatchingPool:
        """Returns everything that a run of matching needs, as of one moment."""
        plan = await cohort_plan(self._database, cohort)
        async with self._database.snapshot() as transaction:
            seats = await transaction.rows("pool_seats", **cohort_columns(cohort))
            waiting = [
                row["mentee"]
                for row in await transaction.rows(
                    "pool_mentees", **cohort_columns(cohort)
                )
            ]
            bans = await transaction.rows("pool_bans", programme=cohort.programme)
            pins = await transaction.rows("pool_pins", programme=cohort.programme)
            lines = await transaction.row("pool_lines")
            people = await pool_people(
                [*waiting, *(row["mentor"] for row in seats)], transaction
            )
        return MatchingPool(
            cohort=cohort,
            policy=plan.policy if plan else Policy(),
            calendar=plan.calendar if plan else WorkCalendar(),
            seats=tuple(_seat(row) for row in seats),
            mentees=tuple(people[mentee] for mentee in waiting),
            mentors=tuple(
                people[mentor] for mentor in sorted({row["mentor"] for row in seats})
            ),
            bans=frozenset((row["mentor"], row["mentee"]) for row in bans),
            pins=frozenset((row["mentor"], row["mentee"]) for row in pins),
            managers=managers_in(lines),
        )

    async def planned(self, plan: CohortPlan) -> MatchingPool:
        """Returns the people who would be enrolled if the cohort opened now, without
        seats.
        """
        region, programme = plan.cohort.region, plan.cohort.programme
        lenders = list(plan.mentors_from) or [region]
        async with self._database.snapshot() as transaction:
            rows = await transaction.rows(
                "planned_people", region=region, mentors_from=lenders
            )
            bans = await transaction.rows("pool_bans", programme=programme)
            lines = await transaction.row("pool_lines")
            people = await pool_people([row["person"] for row in rows], transaction)
        return MatchingPool(
            cohort=plan.cohort,
            policy=plan.policy,
            calendar=plan.calendar,
            mentees=tuple(people[row["person"]] for row in rows if row["mentee"]),
            mentors=tuple(people[row["person"]] for row in rows if row["mentor"]),
            bans=frozenset((row["mentor"], row["mentee"]) for row in bans),
            managers=managers_in(lines),
        )


async def pool_people(persons: Sequence[str], queries: Queries) -> dict[str, Person]:
    """People by their ids, without names and addresses, which no rule asks for."""
    found = await queries.row("pool_people", persons=list(persons))
    return (
        {values[0]: _person(*values) for values in zip(*found, strict=True)}
        if found
        else {}
    )


_SEAT = FreeSeat(pair="-", mentor="p" + "a" * 13, number=1)
_NOBODY = Person(
    person="p" + "a" * 13, external_id="-", name="-", email="-", region="none"
)
"""What was validated when it came in needs no second time: there may be tens of thousands."""


def _seat(row: Row) -> FreeSeat:
    pair, mentor, number, first_in_line, since = row
    return _SEAT.having(
        pair=pair,
        mentor=mentor,
        number=number,
        first_in_line=first_in_line,
        since=since,
    )


def _person(  # noqa: PLR0913, PLR0917 - one for each column of a row
    person: str, function: str, site: str, locale: str, zone: str, supervisor: str | None, manager: str | None,
    languages: str, offers: str, wants: str, windows: str,
) -> Person:  # fmt: skip
    return _NOBODY.having(
        person=person,
        function=function,
        site=site,
        locale=locale,
        zone=zone,
        supervisor=supervisor,
        manager=manager,
        languages=_words(languages),
        offers=_words(offers),
        wants=_words(wants),
        windows=_windows(windows),
    )


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    """Reads a JSON list; equal lists are one object, since many people share them."""
    return frozenset(json.loads(text))


@lru_cache(maxsize=10_000)
def _windows(text: str) -> tuple[Window, ...]:
    return tuple(Window.model_validate(window) for window in json.loads(text))


def managers_in(lines: Row) -> dict[str, tuple[str, ...]]:
    """Returns the managers of each person, from the row of `pool_lines`."""
    managers: dict[str, tuple[str, ...]] = {}
    for person, manager in zip(lines["persons"], lines["managers"], strict=True):
        managers[person] = (*managers.get(person, ()), manager)
    return managers
