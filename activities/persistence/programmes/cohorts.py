"""Cohorts: who is enrolled, their counts, and the evidence for the next region."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from activities.persistence.database import Queries, Repository, Row
from domain.programme.evidence import PairTotals, evidence
from domain.programme.pair_counts import PairGroup, pair_counts
from schemas.cohort import CohortCounts, CohortStart, Evidence
from schemas.ids import CohortRef
from schemas.programme import CohortPlan
from schemas.records.releases import Release
from schemas.stages import Health, Outcome, Stage


class Cohorts(Repository):
    """Cohorts: their opening, their counts, and the evidence when they close."""

    async def open(self, start: CohortStart) -> int:
        """Open the cohort, with its mentees waiting and a pair for each free seat. Returns how many pairs it has.

        Once: a cohort that is started again, months later maybe, keeps whom it has.
        """
        plan, key = start.plan, cohort_columns(start.plan.cohort)
        opening = {"plan": plan.model_dump_json(), "opens_at": start.opens_at}
        async with self._database.transaction() as transaction:
            if await transaction.execute("open_cohort", **key, **opening):
                await transaction.execute("enrol_mentees", **key)
                mentors_from = list(plan.mentors_from) or [plan.cohort.region]
                await transaction.execute(
                    "enrol_mentors", **key, mentors_from=mentors_from
                )
                await transaction.execute("try_waiting_events", **key)
            pairs: int = await transaction.value("enrolled_pairs", **key)
        await self._database.execute("analyze_cohort")
        return pairs

    async def counts(self, cohort: CohortRef) -> CohortCounts:
        rows = await self._database.rows("cohort_pairs", **cohort_columns(cohort))
        waiting = await self._database.row("cohort_waiting", **cohort_columns(cohort))
        counts = pair_counts(
            [pair_group(row)._replace(claimed=row["claimed"]) for row in rows]
        )
        if waiting is None:
            return counts
        return counts.having(**{**waiting, "paused": tuple(waiting["paused"])})

    async def evidence(self, plan: CohortPlan) -> Evidence:
        """Weigh how its pairs did, and its newest release of the mean pulse."""
        key = cohort_columns(plan.cohort)
        pairs = await self._database.row("evidence", **key)
        newest = await self._database.row("newest_release", **key)
        return evidence(plan, PairTotals(**pairs), release(newest) if newest else None)

    async def close(
        self, cohort: CohortRef, evidence: Evidence, at: datetime
    ) -> Evidence:
        """Close it at a programme time. Returns the evidence of the first closing; undecided matches lapse."""
        async with self._database.transaction() as transaction:
            kept = await transaction.value(
                "close_cohort",
                **cohort_columns(cohort),
                evidence=evidence.model_dump_json(),
                at=at,
            )
            await transaction.execute("lapse_matches", **cohort_columns(cohort))
        return Evidence.model_validate_json(kept) if kept else evidence


async def cohort_plan(queries: Queries, cohort: CohortRef) -> CohortPlan | None:
    """Returns the plan with which the cohort opened; None: it has not opened."""
    plan = await queries.value("cohort_plan", **cohort_columns(cohort))
    return _plan(plan) if plan else None


@lru_cache(maxsize=100)
def _plan(text: str) -> CohortPlan:
    """Parses a plan; equal plans are one object, since every search for a time reads
    one.
    """
    return CohortPlan.model_validate_json(text)


def pair_group(row: Row) -> PairGroup:
    return PairGroup(
        Stage(row["stage"]),
        Outcome(row["outcome"]) if row["outcome"] else None,
        Health(row["health"]),
        row["pairs"],
        row["held"],
    )


def release(row: Row) -> Release:
    return Release(
        cohort=CohortRef(
            programme=row["programme"], region=row["region"], wave=row["wave"]
        ),
        number=row["number"],
        at=row["at"],
        people=row["people"],
        lowest=float(row["lowest"]),
        highest=float(row["highest"]),
    )


def cohort_columns(cohort: CohortRef) -> dict[str, Any]:
    """The three columns that name a cohort."""
    return {"programme": cohort.programme, "region": cohort.region, "wave": cohort.wave}
