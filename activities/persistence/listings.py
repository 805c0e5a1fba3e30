"""What pages and console list, with names."""

import json
from collections.abc import Sequence
from typing import Any

from activities.persistence.cohorts import MINIMUM_ANSWERS, of
from activities.persistence.database import Database
from schemas.clock import Clock
from schemas.ids import CohortRef, parse_pair_id
from schemas.listings import LedgerEntry, PairDetail, PairListing, PauseListing

_BESIDE = ("state", "plan", "programme_epoch", "wall_epoch", "pace")


class Listings(Database):
    """Pairs, and their ledger."""

    async def pairs(
        self,
        cohort: CohortRef,
        stage: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> list[PairListing]:
        """A page of a cohort's pairs, those at risk first, then by mentor's name."""
        rows = await self._rows(
            "pair_listing", **of(cohort), stage=stage, most=limit, skip=offset
        )
        return [
            PairListing.model_validate({**row, "pair": parse_pair_id(row["pair"])})
            for row in rows
        ]

    async def ideas(self, cohort: CohortRef) -> list[str]:
        """What participants wish to share, without their names and in no order; none while fewer than five answered."""
        return [
            row["idea"]
            for row in await self._rows(
                "ideas_of", **of(cohort), minimum=MINIMUM_ANSWERS
            )
        ]

    async def pair_detail(self, pair_id: str) -> PairDetail | None:
        """One pair; its state is put together from what it recorded and from its cohort's plan."""
        row = await self._row("pair_detail", pair=pair_id)
        if row is None:
            return None
        listing = {key: value for key, value in row.items() if key not in _BESIDE}
        return PairDetail.model_validate(
            {**listing, "pair": parse_pair_id(row["pair"]), "state": _state(row)}
        )

    async def ledger(self, pair_id: str) -> list[LedgerEntry]:
        return [
            LedgerEntry.model_validate(dict(row))
            for row in await self._rows("ledger_of", pair=pair_id)
        ]

    async def pauses(self, scopes: Sequence[str]) -> list[PauseListing]:
        """Which of these are paused, and since when."""
        return [
            PauseListing.model_validate(dict(row))
            for row in await self._rows("pauses", scopes=list(scopes))
        ]


def _state(row: Any) -> dict[str, Any] | None:
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
