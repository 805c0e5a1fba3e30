"""The agendas in which a slot is searched."""

import json
from datetime import timedelta

from activities.persistence.database import Repository
from activities.persistence.programmes.cohorts import cohort_plan
from schemas.ids import PairRef
from schemas.scheduling import Agenda, Busy, SideAgenda
from schemas.time.calendar import WorkCalendar


class Agendas(Repository):
    """The agendas of two people: their weekly windows and booked sessions."""

    async def of_pair(self, pair: PairRef, mentee: str) -> Agenda:
        """Returns both sides' windows, the sessions booked by their other pairs, and
        the region's calendar.
        """
        persons = [pair.mentor, mentee]
        sides = {
            row["person"]: row
            for row in await self._database.rows("agenda_sides", persons=persons)
        }
        busy: dict[str, list[Busy]] = {person: [] for person in persons}
        booked = await self._database.rows(
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
        plan = await cohort_plan(self._database, pair.cohort)
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
