"""Cohorts: who is enrolled, how they stand, what the next region is shown."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from activities.persistence.database import Queries, Repository
from schemas.cohort import CohortCounts, CohortStart, Evidence
from schemas.ids import CohortRef
from schemas.programme import CohortPlan
from schemas.stages import Health, Outcome, Stage

MINIMUM_ANSWERS = 5
"""People below which no mean is shown or used, whatever a policy says: fewer could be recognised."""


class Cohorts(Repository):
    """One region, one wave."""

    async def open(self, start: CohortStart) -> int:
        """Open the cohort, with its mentees waiting and a pair for each free seat. Answers how many pairs it has.

        Once: a cohort that is started again, months later maybe, keeps whom it has.
        """
        plan, key = start.plan, of(start.plan.cohort)
        opening = {"plan": plan.model_dump_json(), "opens_at": start.opens_at}
        async with self._database.transaction() as transaction:
            if await transaction.execute("open_cohort", **key, **opening):
                await transaction.execute("enrol_mentees", **key)
                mentors_from = list(plan.mentors_from) or [plan.cohort.region]
                await transaction.execute(
                    "enrol_mentors", **key, mentors_from=mentors_from
                )
            pairs: int = await transaction.value("enrolled_pairs", **key)
        await self._database.execute("analyze_cohort")
        return pairs

    async def plan(self, cohort: CohortRef) -> CohortPlan | None:
        return await cohort_plan(self._database, cohort)

    async def counts(self, cohort: CohortRef) -> CohortCounts:
        rows = await self._database.rows("cohort_pairs", **of(cohort))
        waiting = await self._database.row("cohort_waiting", **of(cohort))
        return counted(rows, dict(waiting) if waiting else {})

    async def evidence(self, plan: CohortPlan) -> Evidence:
        row = await self._database.row("evidence", **of(plan.cohort))
        pulses = await self._database.row("pulse_mean", **of(plan.cohort))
        return weigh(plan, row, pulses)

    async def close(
        self, cohort: CohortRef, evidence: Evidence, at: datetime
    ) -> Evidence:
        """Close it at a programme time. Answers the evidence of the first closing; undecided matches lapse."""
        async with self._database.transaction() as transaction:
            kept = await transaction.value(
                "close_cohort",
                **of(cohort),
                evidence=evidence.model_dump_json(),
                at=at,
            )
            await transaction.execute("lapse_matches", **of(cohort))
        return Evidence.model_validate_json(kept) if kept else evidence


async def cohort_plan(queries: Queries, cohort: CohortRef) -> CohortPlan | None:
    """The plan with which it opened."""
    plan = await queries.value("cohort_plan", **of(cohort))
    return _plan(plan) if plan else None


@lru_cache(maxsize=100)
def _plan(text: str) -> CohortPlan:
    """Read for every search of a time, and the same for a whole cohort."""
    return CohortPlan.model_validate_json(text)


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
