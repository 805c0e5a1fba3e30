"""What finding a slot reads."""

import json
from datetime import timedelta
from functools import lru_cache

from activities.persistence.database import Database
from schemas.calendar import WorkCalendar
from schemas.ids import CohortRef, PairRef
from schemas.programme import CohortPlan
from schemas.scheduling import Agenda, Busy, SideAgenda


class Agendas(Database):
    """Windows, and what is booked."""

    async def agenda(self, pair: PairRef, mentee: str) -> Agenda:
        """Both sides' windows and what their other pairs have booked, and the region's calendar."""
        persons = [pair.mentor, mentee]
        sides = {
            row["person"]: row
            for row in await self._rows("agenda_sides", persons=persons)
        }
        busy: dict[str, list[Busy]] = {person: [] for person in persons}
        booked = await self._rows(
            "agenda_busy",
            persons=persons,
            pair=pair.workflow_id,
            programme=pair.programme,
        )
        for row in booked:
            start = row["start_at"]
            busy[row["person"]].append(
                Busy(start=start, end=start + timedelta(minutes=row["minutes"]))
            )
        plan = await self.cohort_plan(pair.cohort)
        calendar = plan.calendar if plan else WorkCalendar()

        def side(person: str) -> SideAgenda:
            row = sides.get(person)
            if row is None:
                return SideAgenda(zone=calendar.zone, busy=tuple(busy[person]))
            windows = tuple(json.loads(row["windows"]))
            return SideAgenda(
                zone=row["zone"], windows=windows, busy=tuple(busy[person])
            )

        return Agenda(mentor=side(pair.mentor), mentee=side(mentee), calendar=calendar)

    async def cohort_plan(self, cohort: CohortRef) -> CohortPlan | None:
        plan = await self._value(
            "cohort_plan",
            programme=cohort.programme,
            region=cohort.region,
            wave=cohort.wave,
        )
        return _plan(plan) if plan else None


@lru_cache(maxsize=100)
def _plan(text: str) -> CohortPlan:
    """Read for every search of a time, and the same for a whole cohort."""
    return CohortPlan.model_validate_json(text)
