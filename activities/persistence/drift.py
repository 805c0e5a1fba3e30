"""What PostgreSQL knows of runs: which should be there, and what was found and done about those that were not."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from activities.persistence.cohorts import of
from activities.persistence.database import Database
from schemas.cohort import Evidence
from schemas.drift import Drift, DriftFound, DriftKind, RepairAction
from schemas.ids import CohortRef, programme_workflow_id
from schemas.programme import ProgrammePlan
from schemas.rollout import ProgrammeOnRecord, ProgrammeState

PATIENCE = timedelta(minutes=10)
"""Wall time by which a deadline may be late before its pair is asked whether it is stuck; and a pause unheeded."""
MARGIN = timedelta(minutes=5)
"""An event is delivered, then recorded with others a moment later: so far back they are sent once more."""


class LivePair(NamedTuple):
    """A pair that should have a run; `overdue`: a deadline of it has long passed."""

    pair: str
    overdue: bool


class Reconciling(Database):
    """The record's side of the comparison, and its account."""

    async def live_pairs(self, after: str, limit: int) -> list[LivePair]:
        """A page; `after` is the last one of the page before."""
        rows = await self._rows(
            "live_pairs", after=after, most=limit, patience=PATIENCE
        )
        return [LivePair(row["pair"], row["overdue"]) for row in rows]

    async def silent_pairs(self, limit: int) -> list[str]:
        """Live pairs that were sent something today and have recorded nothing since; for most it changed nothing."""
        return [
            row["pair"]
            for row in await self._rows("silent_pairs", most=limit, patience=PATIENCE)
        ]

    async def unheeding_pairs(self, after: str, limit: int) -> list[str]:
        """A page of pairs that are paused and should not be, or the other way round."""
        rows = await self._rows(
            "unheeding_pairs", after=after, most=limit, patience=PATIENCE
        )
        return [row["pair"] for row in rows]

    async def closed_among(self, pairs: Sequence[str]) -> list[str]:
        return [
            row["pair"] for row in await self._rows("closed_among", pairs=list(pairs))
        ]

    async def live_parents(self) -> list[str]:
        """Workflow ids of programmes and cohorts that should have a run, programmes first."""
        programmes = [
            programme_workflow_id(row["programme"])
            for row in await self._rows("live_programmes")
        ]
        cohorts = [
            CohortRef.model_validate(dict(row)).workflow_id
            for row in await self._rows("live_cohorts")
        ]
        return [*programmes, *cohorts]

    async def pair_on_record(self, pair: str) -> Any:
        return await self._row("pair_on_record", pair=pair)

    async def cohort_on_record(self, cohort: CohortRef) -> Any:
        return await self._row("cohort_on_record", **of(cohort))

    async def programme_on_record(self, programme: str) -> Any:
        return await self._row("programme_on_record", programme=programme)

    async def restored_programme(self, programme: str) -> ProgrammeOnRecord:
        """What a programme goes on from, with the end of every cohort, which it may not have heard of."""
        async with self._snapshot() as connection:
            row = await self._row(
                "programme_on_record", connection, programme=programme
            )
            cohorts = await self._rows(
                "opened_cohorts", connection, programme=programme
            )
            paused = await self._rows(
                "programme_pauses", connection, programme=programme
            )
        refs = [
            CohortRef(programme=programme, region=found["region"], wave=found["wave"])
            for found in cohorts
        ]
        return ProgrammeOnRecord(
            plan=ProgrammePlan.model_validate_json(row["plan"]) if row else None,
            state=ProgrammeState.model_validate_json(row["state"])
            if row and row["state"]
            else None,
            opened=tuple(refs),
            closed=tuple(
                Evidence.model_validate_json(c["evidence"])
                for c in cohorts
                if c["evidence"]
            ),
            paused=tuple(row["scope"] for row in paused),
        )

    async def close_unstarted(self, cohort: CohortRef, at: datetime) -> int:
        """Close pairs of which nobody has heard, at a programme time; answers how many."""
        closed: int = await self._value("unstarted_pairs", **of(cohort), at=at)
        return closed

    async def pairs_to_end(
        self, cohort: CohortRef, after: str, limit: int
    ) -> list[str]:
        """A page of pairs that have not closed; `after` is the last one of the page before."""
        return [
            row["pair"]
            for row in await self._rows(
                "pairs_to_end", **of(cohort), after=after, most=limit
            )
        ]

    @asynccontextmanager
    async def mending(self, workflow_id: str) -> AsyncIterator[bool]:
        """Whether this run is ours to mend until the block ends; False: somebody else is at it."""
        async with self._transaction() as connection:
            yield await self._value("try_lock_run", connection, workflow_id=workflow_id)

    async def note_drift(self, found: DriftFound) -> Drift:
        """Keep it, or find the open row that has it already."""
        row = None
        while (
            row is None
        ):  # neither new nor seen: another had it in an open transaction a moment ago
            values = found.model_dump(mode="json")
            row = await self._row("note_drift", **values)
        return _drift(row)

    async def restarts_today(self, workflow_id: str) -> int:
        count: int = await self._value("restarts_today", workflow_id=workflow_id)
        return count

    async def begin_deed(
        self, drift: Drift, deed: RepairAction, programme: str | None, revision: int
    ) -> int:
        """Before it is done: mark it, tell the ledger, put back events that the run had and did not record.

        Answers how many events. The same deed again adds no second line.
        """
        async with self._transaction() as connection:
            if await self._do(
                "mark_repair",
                connection,
                id=drift.id,
                repair=deed.value,
                revision=revision,
            ):
                await self._do(
                    "tell_restart", connection, pair=drift.workflow_id, revision=revision, programme=programme,
                    what=deed.value, reason=drift.why if deed is RepairAction.RESTARTED else drift.kind.value,
                )  # fmt: skip
            if deed is not RepairAction.RESTARTED:
                return 0
            return await self._do(
                "put_events_back", connection, pair=drift.workflow_id, margin=MARGIN
            )

    async def give_up(self, drift: Drift) -> None:
        """Somebody has to look at it; it stays open."""
        await self._do(
            "mark_repair", id=drift.id, repair=RepairAction.GIVEN_UP.value, revision=0
        )

    async def mended(self, drift: Drift) -> None:
        await self._do("mark_mended", id=drift.id)

    async def open_drift(self, limit: int = 1000) -> list[Drift]:
        return [_drift(row) for row in await self._rows("open_drift", most=limit)]

    async def drift(self, limit: int = 200) -> list[Drift]:
        """What is open, then what was mended, each newest first."""
        return [_drift(row) for row in await self._rows("drift_listing", most=limit)]

    async def drift_counts(self) -> dict[str, int]:
        """What is open, by kind; every kind is named."""
        found = {row["kind"]: row["runs"] for row in await self._rows("drift_counts")}
        return {kind.value: found.get(kind.value, 0) for kind in DriftKind}


def _drift(row: Any) -> Drift:
    return Drift.model_validate(dict(row))
