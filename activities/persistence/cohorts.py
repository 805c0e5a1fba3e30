"""Cohorts: who is enrolled, how they stand, what the next region is shown."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from activities.persistence.database import Database
from schemas.cohort import CohortCounts, CohortStart, Evidence, PairToStart
from schemas.ids import CohortRef
from schemas.programme import CohortPlan
from schemas.stages import Health, Outcome, Stage

MINIMUM_ANSWERS = 5
"""People below which no mean is shown or used, whatever a policy says: fewer could be recognised."""


class Cohorts(Database):
    """One region, one wave."""

    async def enrol(self, start: CohortStart) -> int:
        """Open the cohort, with its mentees waiting and a pair for each free seat. Answers how many pairs it has.

        Once: a cohort that is started again, months later maybe, keeps whom it has.
        """
        plan, key = start.plan, of(start.plan.cohort)
        opening = {"plan": plan.model_dump_json(), "opens_at": start.opens_at}
        async with self._transaction() as connection:
            if await self._do("open_cohort", connection, **key, **opening):
                await self._do("enrol_mentees", connection, **key)
                mentors_from = list(plan.mentors_from) or [plan.cohort.region]
                await self._do(
                    "enrol_mentors", connection, **key, mentors_from=mentors_from
                )
            pairs: int = await self._value("enrolled_pairs", connection, **key)
        await self._do("analyze_cohort")
        return pairs

    async def pairs_to_start(
        self, cohort: CohortRef, after: str, limit: int
    ) -> list[PairToStart]:
        """A page of pairs that nobody started yet; `after` is the workflow id of the last one of the page before."""
        rows = await self._rows("pairs_to_start", **of(cohort), after=after, most=limit)
        return [PairToStart.model_validate(dict(row)) for row in rows]

    async def mark_started(self, pairs: Sequence[str]) -> None:
        await self._do("mark_started", pairs=list(pairs))

    async def counts(self, cohort: CohortRef) -> CohortCounts:
        rows = await self._rows("cohort_pairs", **of(cohort))
        waiting = await self._row("cohort_waiting", **of(cohort))
        return counted(rows, dict(waiting) if waiting else {})

    async def evidence(self, plan: CohortPlan) -> Evidence:
        row = await self._row("evidence", **of(plan.cohort))
        pulses = await self._row("pulse_mean", **of(plan.cohort))
        return weigh(plan, row, pulses)

    async def close_cohort(
        self, cohort: CohortRef, evidence: Evidence, at: datetime
    ) -> Evidence:
        """Close it at a programme time. Answers the evidence of the first closing; undecided matches lapse."""
        async with self._transaction() as connection:
            kept = await self._value(
                "close_cohort",
                connection,
                **of(cohort),
                evidence=evidence.model_dump_json(),
                at=at,
            )
            await self._do("lapse_matches", connection, **of(cohort))
        return Evidence.model_validate_json(kept) if kept else evidence


def of(cohort: CohortRef) -> dict[str, Any]:
    """The three columns that name a cohort."""
    return {"programme": cohort.programme, "region": cohort.region, "wave": cohort.wave}


def counted(rows: Sequence[Any], waiting: dict[str, Any]) -> CohortCounts:
    stages: Counter[Stage] = Counter()
    outcomes: Counter[Outcome] = Counter()
    health: Counter[Health] = Counter()
    ready = claims = 0
    for row in rows:
        stage, number = Stage(row["stage"]), row["pairs"]
        stages[stage] += number
        if row["outcome"]:
            outcomes[Outcome(row["outcome"])] += number
        if stage is Stage.CLOSED:
            continue
        health[Health(row["health"])] += number
        claims += number if row["claimed"] else 0
        ready += number if row["free"] else 0
    return CohortCounts(
        pairs=stages.total(),
        stages=dict(stages),
        outcomes=dict(outcomes),
        health=dict(health),
        sessions_held=sum(row["held"] for row in rows),
        ready_mentors=ready,
        waiting_mentees=waiting.get("waiting", 0),
        claims=claims,
        proposed=waiting.get("proposed", 0),
        approved=waiting.get("approved", 0),
        run=waiting.get("run", 0),
        guard_due=waiting.get("guard_due", False),
        guard_held=waiting.get("guard_held", 0),
        guard_to_notify=waiting.get("guard_to_notify", 0),
        paused=tuple(waiting.get("paused", ())),
    )


def weigh(plan: CohortPlan, row: Any, pulses: Any) -> Evidence:
    """Compare with the policy. A mean that rests on too few people counts neither for nor against."""
    wanted = plan.policy.extension
    share = row["on_course"] / row["matched"] if row["matched"] else 0.0
    enough = pulses["people"] >= max(MINIMUM_ANSWERS, wanted.minimum_answers)
    mean_met = float(pulses["mean"]) >= wanted.mean_pulse if enough else None
    return Evidence(
        cohort=plan.cohort,
        pairs=row["pairs"],
        completed=row["completed"],
        on_course=share,
        sessions_held=row["held"],
        answers=pulses["people"] if enough else 0,
        mean_pulse_met=mean_met,
        met=row["matched"] > 0 and share >= wanted.on_course and mean_met is not False,
    )
