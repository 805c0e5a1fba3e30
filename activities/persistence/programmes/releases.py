"""Publishes figures about what people answered; `domain/releases` decides when, and what."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from activities.persistence.database import Repository, Row, Transaction
from activities.persistence.programmes.cohorts import cohort_columns
from domain.releases.mean_ranges import SumRange
from domain.releases.next_release import (
    MeanRelease,
    PersonMarks,
    enough_people,
    next_release,
)
from schemas.ids import CohortRef


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
            if await transaction.value("lock_releases", **cohort_columns(cohort)):
                await _publish_mean(transaction, cohort, at)
                await _publish_ideas(transaction, cohort, at)

    async def ideas(self, cohort: CohortRef) -> list[str]:
        """What participants wish to share, as far as released, without their names and in no order."""
        rows = await self._database.rows("ideas_of", **cohort_columns(cohort))
        return [row["idea"] for row in rows]


async def _publish_mean(
    transaction: Transaction, cohort: CohortRef, at: datetime
) -> None:
    key = cohort_columns(cohort)
    waiting = await transaction.rows("unreleased_scores", **key)
    if not waiting:
        return
    released = await transaction.rows("released_scores", **key)
    earlier = await transaction.rows("releases_of", **key)
    made = next_release(
        [
            SumRange(row["answers"], row["least_sum"], row["most_sum"])
            for row in earlier
        ],
        earlier[-1]["total"] if earlier else 0,
        _marks(waiting, {row["person"]: row["scores"] for row in released}),
    )
    if made:
        number = len(earlier) + 1
        await transaction.execute(
            "save_release", **key, number=number, at=at, **_columns(made)
        )
        await transaction.execute(
            "mark_scores_released", number=number, **_keys(waiting)
        )


def _marks(waiting: Sequence[Row], released: dict[str, int]) -> list[PersonMarks]:
    new: defaultdict[str, list[int]] = defaultdict(list)
    for row in waiting:
        new[row["person"]].append(row["score"])
    return [
        PersonMarks(released.get(person, 0), tuple(new[person]))
        for person in {*new, *released}
    ]


def _columns(made: MeanRelease) -> dict[str, Any]:
    return {
        "people": made.people,
        "lowest": float(made.mean.lowest),
        "highest": float(made.mean.highest),
        "answers": made.known.answers,
        "least_sum": made.known.lowest,
        "most_sum": made.known.highest,
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
