"""Publishes figures about what people answered; `domain/releases` decides when, and what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog

from activities.persistence.database import Database, Repository, Row, Transaction
from activities.persistence.programmes.cohorts import cohort_columns
from activities.persistence.sealing.data_keys import DataKeys
from activities.persistence.sealing.sealed_tables import (
    PULSES,
    RELEASES,
    Sealable,
    SealedTable,
)
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
from schemas.records.sealing import Unopened

log = structlog.get_logger(__name__)


class Releases(Repository):
    """Means and ideas of cohorts, as published.

    What cannot be opened is in none of them.
    """

    def __init__(self, database: Database, data_keys: DataKeys) -> None:
        super().__init__(database)
        self._data_keys = data_keys

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
                await self._publish_mean(transaction, cohort, rules, at)
                await self._publish_ideas(transaction, cohort, at)

    async def ideas(self, cohort: CohortRef) -> list[str]:
        """What participants wish to share, as far as released, without their names.

        In an order that follows from the texts alone: by any other, who can sort the
        rows would know whose they are. In the place of one that cannot be opened are
        words that say so.
        """
        rows = await self._database.rows("ideas_of", **cohort_columns(cohort))
        keys = await self._data_keys.opened(row["person"] for row in rows)
        opened = (keys.open(PULSES, row, "idea") for row in rows)
        texts = [i.words if isinstance(i, Unopened) else str(i) for i in opened]
        return sorted(texts, key=lambda text: sha256(text.encode()).digest())

    async def _publish_mean(
        self,
        transaction: Transaction,
        cohort: CohortRef,
        rules: Feedback,
        at: datetime,
    ) -> None:
        key = cohort_columns(cohort)
        releases = await transaction.rows("releases_of", **key)
        before = await self._total(transaction, releases)
        if before is None:
            # The mean that was published last stays the newest one.
            log.error("released_total_unopened", cohort=cohort.workflow_id)
            return
        rows = await transaction.rows("unreleased_scores", **key)
        scores = await self._opened(transaction, rows, "score")
        waiting: defaultdict[str, list[int]] = defaultdict(list)
        for row, score in scores:
            waiting[row["person"]].append(int(score))
        published = await _published(transaction, key, releases)
        made = next_release(published, waiting, before, least_mark_uncalled(rules))
        if made:
            row = {**key, "number": len(releases) + 1}
            sealing = await self._data_keys.for_sealing(cohort.workflow_id, transaction)
            total = sealing.seal(RELEASES, row, "total", made.total)
            await transaction.execute(
                "save_release", **row, at=at, total=total, **_columns(made)
            )
            await transaction.execute(
                "mark_scores_released",
                number=row["number"],
                **_keys([row for row, _ in scores]),
            )

    async def _total(
        self, transaction: Transaction, releases: Sequence[Row]
    ) -> int | None:
        """The sum of all marks released so far; None: it cannot be opened."""
        if not releases:
            return 0
        opened = await self._opened(transaction, releases[-1:], "total", RELEASES)
        return int(opened[0][1]) if opened else None

    async def _publish_ideas(
        self, transaction: Transaction, cohort: CohortRef, at: datetime
    ) -> None:
        key = cohort_columns(cohort)
        rows = await transaction.rows("unreleased_ideas", **key)
        waiting = [row for row, _ in await self._opened(transaction, rows, "idea")]
        if enough_people(len({row["person"] for row in waiting})):
            number = await transaction.value("save_idea_release", **key, at=at)
            await transaction.execute(
                "mark_ideas_released", number=number, **_keys(waiting)
            )

    async def _opened(
        self,
        transaction: Transaction,
        rows: Sequence[Row],
        column: str,
        table: SealedTable = PULSES,
    ) -> list[tuple[Row, Sealable]]:
        """The rows whose value can be opened, each with it."""
        keys = await self._data_keys.opened(map(table.owner, rows), transaction)
        opened = [(row, keys.open(table, row, column)) for row in rows]
        return [
            (row, value)
            for row, value in opened
            if value is not None and not isinstance(value, Unopened)
        ]


async def _published(
    transaction: Transaction, cohort: Mapping[str, Any], releases: Sequence[Row]
) -> list[ReleasedMarks]:
    """The cohort's releases, from the first."""
    marks: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in await transaction.rows("released_scores", **cohort):
        marks[row["release"]][row["person"]] = row["scores"]
    return [
        ReleasedMarks(marks[row["number"]], row["least_sum"], row["most_sum"])
        for row in releases
    ]


def _columns(made: MeanRelease) -> dict[str, Any]:
    return {
        "people": made.people,
        "lowest": float(made.mean.lowest),
        "highest": float(made.mean.highest),
        "answers": made.answers,
        "least_sum": made.mean.least_sum,
        "most_sum": made.mean.most_sum,
    }


def _keys(pulses: Sequence[Row]) -> dict[str, list[Any]]:
    return {
        "pairs": [row["pair"] for row in pulses],
        "sessions": [row["session"] for row in pulses],
        "sides": [row["side"] for row in pulses],
    }
