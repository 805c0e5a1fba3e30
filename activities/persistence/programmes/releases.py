"""Publishes figures about what people answered; `domain/releases` decides when, and what."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from activities.persistence.database import Repository, Row, Transaction
from activities.persistence.programmes.cohorts import cohort_columns
from domain.calls import least_mark_uncalled
from domain.releases.next_release import (
    MeanRelease,
    ReleasedMarks,
    enough_people,
    next_release,
)
from schemas.ids import CohortRef
from schemas.policy import Feedback
from schemas.programme import CohortPlan


class Releases(Repository):
    """Means and ideas of cohorts, as published."""

    async def publish_due(self, cohort: CohortRef, at: datetime) -> None:
        """Release what may be released now, at a programme time; often nothing.

        A cohort asks each programme day, and finds out in one look that too few wait.
        """
        waiting = await self._database.row("people_waiting", **cohort_columns(cohort))
        if not any(enough_people(people) for people in waiting):
            return
        async with self._database.transaction() as transaction:
            plan = await transaction.value("lock_releases", **cohort_columns(cohort))
            if plan:
                rules = CohortPlan.model_validate_json(plan).policy.feedback
                await _publish_mean(transaction, cohort, rules, at)
                await _publish_ideas(transaction, cohort, at)

    async def ideas(self, cohort: CohortRef) -> list[str]:
        """What participants wish to share, as far as released, without their names and in no order."""
        rows = await self._database.rows("ideas_of", **cohort_columns(cohort))
        return [row["idea"] for row in rows]


async def _publish_mean(
    transaction: Transaction, cohort: CohortRef, rules: Feedback, at: datetime
) -> None:
    key = cohort_columns(cohort)
    rows = await transaction.rows("unreleased_scores", **key)
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        waiting[row["person"]].append(row["score"])
    published = await _published(transaction, cohort)
    made = next_release(published, waiting, least_mark_uncalled(rules))
    if made:
        number = len(published) + 1
        await transaction.execute(
            "save_release", **key, number=number, at=at, **_columns(made)
        )
        await transaction.execute("mark_scores_released", number=number, **_keys(rows))


async def _published(
    transaction: Transaction, cohort: CohortRef
) -> list[ReleasedMarks]:
    """The cohort's releases, from the first."""
    marks: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in await transaction.rows("released_scores", **cohort_columns(cohort)):
        marks[row["release"]][row["person"]] = row["scores"]
    return [
        ReleasedMarks(
            marks[row["number"]], row["least_sum"], row["most_sum"], row["total"]
        )
        for row in await transaction.rows("releases_of", **cohort_columns(cohort))
    ]


def _columns(made: MeanRelease) -> dict[str, Any]:
    return {
        "people": made.people,
        "lowest": float(made.mean.lowest),
        "highest": float(made.mean.highest),
        "answers": made.answers,
        "least_sum": made.mean.least_sum,
        "most_sum": made.mean.most_sum,
        "total": made.total,
    }


async def _publish_ideas(
    transaction: Transaction, cohort: CohortRef, at: datetime
) -> None:
    key = cohort_columns(cohort)
    waiting = await transaction.rows("unreleased_ideas", **key)
    if enough_people(len({row["person"] for row in waiting})):
        number = await transaction.value("save_idea_release", **key, at=at)
        await transaction.execute(
            "mark_ideas_released", number=number, **_keys(waiting)
        )


def _keys(pulses: Sequence[Row]) -> dict[str, list[Any]]:
    return {
        "pairs": [row["pair"] for row in pulses],
        "sessions": [row["session"] for row in pulses],
        "sides": [row["side"] for row in pulses],
    }
