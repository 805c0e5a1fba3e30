"""Pairs as pages and console list them, with names."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from activities.persistence.database import Repository, Row
from activities.persistence.programmes.cohorts import cohort_columns
from schemas.cohort import PairToStart
from schemas.events import Side
from schemas.ids import CohortRef, PairRef, parse_pair_id
from schemas.records.listings import LedgerEntry, PairDetail, PairListing
from schemas.time.clock import Clock

_BESIDE = ("state", "plan", "programme_epoch", "wall_epoch", "pace")


class Pairs(Repository):
    """Pairs: found by person or cohort, with their state and ledger."""

    async def in_cohort(
        self,
        cohort: CohortRef,
        stage: str | None = None,
        limit: int = 200,
        after: str = "",
    ) -> list[PairListing]:
        """A page of a cohort's pairs, those at risk first; in the order of ids, which never changes.

        Args:
            after: workflow id of the last pair of the page before.
        """
        page = {**cohort_columns(cohort), "after": after}
        rows = await self._database.rows(
            "pairs_at_risk", **page, stage=stage, most=limit
        )
        if most := limit - len(rows):
            rows += (
                await self._database.rows(
                    "pairs_of_stage", **page, stage=stage, most=most
                )
                if stage
                else await self._database.rows("pairs_not_at_risk", **page, most=most)
            )
        return [
            PairListing.model_validate({**row, "pair": parse_pair_id(row["pair"])})
            for row in rows
        ]

    async def supervised_by(self, person: str) -> list[PairListing]:
        """Live pairs of the mentors whom the person supervises, without health or mentee."""
        rows = await self._database.rows("supervised_pairs", person=person)
        return [
            PairListing.model_validate({**row, "pair": parse_pair_id(row["pair"])})
            for row in rows
        ]

    async def find(self, pair_id: str) -> PairDetail | None:
        """Find one pair, with its state made of its records and its cohort's plan."""
        row = await self._database.row("pair_detail", pair=pair_id)
        if row is None:
            return None
        listing = {key: value for key, value in row.items() if key not in _BESIDE}
        return PairDetail.model_validate(
            {**listing, "pair": parse_pair_id(row["pair"]), "state": _state(row)}
        )

    async def ledger(self, pair_id: str) -> list[LedgerEntry]:
        return [
            LedgerEntry.model_validate(dict(row))
            for row in await self._database.rows("ledger_of", pair=pair_id)
        ]

    async def live_of(self, person: str) -> list[tuple[PairRef, Side]]:
        """Pairs not closed in which the person is mentor, or mentee by a live claim."""
        rows = await self._database.rows("live_pairs_of", person=person)
        return [(parse_pair_id(row["pair"]), Side(row["side"])) for row in rows]

    async def parts_of(self, person: str, limit: int) -> list[tuple[PairRef, str]]:
        """Live pairs in which the person is asked questions, and their role, as in links."""
        rows = await self._database.rows("parts_in_pairs", person=person, most=limit)
        return [(parse_pair_id(row["pair"]), row["role"]) for row in rows]

    async def to_start(
        self, cohort: CohortRef, after: str, limit: int
    ) -> list[PairToStart]:
        """A page of pairs that nobody started yet; `after` is the workflow id of the last one of the page before."""
        rows = await self._database.rows(
            "pairs_to_start", **cohort_columns(cohort), after=after, most=limit
        )
        return [PairToStart.model_validate(dict(row)) for row in rows]

    async def mark_started(self, pairs: Sequence[str]) -> None:
        await self._database.execute("mark_started", pairs=list(pairs))

    async def close_unstarted(self, cohort: CohortRef, at: datetime) -> int:
        """Close pairs that were not started, at a programme time. Returns how many."""
        return int(
            await self._database.value(
                "close_unstarted_pairs", **cohort_columns(cohort), at=at
            )
        )

    async def to_end(self, cohort: CohortRef, after: str, limit: int) -> list[str]:
        """A page of pairs that have not closed; `after` is the last one of the page before."""
        return [
            row["pair"]
            for row in await self._database.rows(
                "pairs_to_end", **cohort_columns(cohort), after=after, most=limit
            )
        ]


def _state(row: Row) -> dict[str, Any] | None:
    if row["state"] is None or row["plan"] is None:
        return None
    plan = json.loads(row["plan"])
    clock = Clock(
        programme_epoch=row["programme_epoch"],
        wall_epoch=row["wall_epoch"],
        pace=row["pace"],
    )
    rest = {
        "pair": parse_pair_id(row["pair"]),
        "clock": clock,
        "policy": plan["policy"],
        "calendar": plan["calendar"],
    }
    return {**rest, **json.loads(row["state"])}
