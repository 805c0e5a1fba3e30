"""What a run of matching reads: everybody who may be matched, and all that the rules ask about them, at once."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from activities.persistence.agendas import Agendas
from activities.persistence.cohorts import of
from activities.persistence.people import People
from schemas.calendar import Window, WorkCalendar
from schemas.ids import CohortRef
from schemas.matching import Pool, Seat
from schemas.people import Person, Role
from schemas.policy import Policy
from schemas.programme import CohortPlan


class Pools(Agendas, People):
    """Who waits for a match, or would."""

    async def pool(self, cohort: CohortRef) -> Pool:
        """Everything that a run of matching needs, as of one moment."""
        plan = await self.cohort_plan(cohort)
        async with self._snapshot() as connection:
            seats = await self._rows("pool_seats", connection, **of(cohort))
            waiting = [row["mentee"] for row in await self._rows("pool_mentees", connection, **of(cohort))]
            bans = await self._rows("pool_bans", connection, programme=cohort.programme)
            pins = await self._rows("pool_pins", connection, programme=cohort.programme)
            lines = await self._row("pool_lines", connection)
            people = await self._pool_people([*waiting, *(row["mentor"] for row in seats)], connection)
        return Pool(
            cohort=cohort,
            policy=plan.policy if plan else Policy(),
            calendar=plan.calendar if plan else WorkCalendar(),
            seats=tuple(_seat(row) for row in seats),
            mentees=tuple(people[mentee] for mentee in waiting),
            mentors=tuple(people[mentor] for mentor in sorted({row["mentor"] for row in seats})),
            bans=frozenset((row["mentor"], row["mentee"]) for row in bans),
            pins=frozenset((row["mentor"], row["mentee"]) for row in pins),
            managers=managers_in(lines),
        )

    async def planned_pool(self, plan: CohortPlan) -> Pool:
        """Who would be enrolled if the cohort opened now, without seats."""
        region, programme = plan.cohort.region, plan.cohort.programme
        lenders = list(plan.mentors_from) or [region]
        async with self._snapshot() as connection:
            rows = await self._rows("planned_people", connection, region=region, mentors_from=lenders)
            bans = await self._rows("pool_bans", connection, programme=programme)
            lines = await self._row("pool_lines", connection)
            people = await self._pool_people([row["person"] for row in rows], connection)
        return Pool(
            cohort=plan.cohort,
            policy=plan.policy,
            calendar=plan.calendar,
            mentees=tuple(people[row["person"]] for row in rows if row["mentee"]),
            mentors=tuple(people[row["person"]] for row in rows if row["mentor"]),
            bans=frozenset((row["mentor"], row["mentee"]) for row in bans),
            managers=managers_in(lines),
        )

    async def _pool_people(self, persons: Sequence[str], within: Any) -> dict[str, Person]:
        rows = await self._rows("people_by_id", within, persons=list(persons))
        return {row["person"]: _person(row) for row in rows}


def _seat(row: Any) -> Seat:
    return Seat(
        pair=row["pair"],
        mentor=row["mentor"],
        number=row["seat"],
        first_in_line=row["first_in_line"],
        since=row["waiting_since"],
    )


_NOBODY = Person(person="p" + "a" * 13, external_id="-", name="-", email="-", region="none")


def _person(row: Any) -> Person:
    """What an import validated needs no second time: there may be tens of thousands."""
    return _NOBODY.having(
        **{
            **row,
            "roles": _roles(tuple(row["roles"])),
            "languages": frozenset(row["languages"]),
            "offers": frozenset(row["offers"]),
            "wants": frozenset(row["wants"]),
            "dotted_managers": tuple(row["dotted_managers"]),
            "windows": _windows(row["windows"]),
        }
    )


@lru_cache(maxsize=100)
def _roles(names: tuple[str, ...]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)


@lru_cache(maxsize=10_000)
def _windows(text: str) -> tuple[Window, ...]:
    """Many people have the same."""
    return tuple(Window.model_validate(window) for window in json.loads(text))


def managers_in(lines: Any) -> dict[str, tuple[str, ...]]:
    """Of the one row of `pool_lines`."""
    managers: dict[str, tuple[str, ...]] = {}
    for person, manager in zip(lines["persons"], lines["managers"], strict=True):
        managers[person] = (*managers.get(person, ()), manager)
    return managers
