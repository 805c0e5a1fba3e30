"""Records again what PostgreSQL has lost of a pair, as after a backup was restored."""

from typing import Protocol

import structlog

from activities.persistence.drift import DriftRepository
from activities.persistence.records import Records
from schemas.effects import Directives, RecordBatch
from schemas.records.drift import DriftFound, DriftKind

log = structlog.get_logger(__name__)


class RecordedBatches(Protocol):
    """Reads what a pair recorded; `activities.executions.record_history` fits it."""

    async def recorded_after(
        self, workflow_id: str, run_id: str, revision: int
    ) -> list[RecordBatch]: ...


class LostRecords:
    """Finds lost transitions in the histories of runs, and records them once more.

    What they queued is queued once more, too: at worst a mail goes out twice, and none
    gets lost.
    """

    def __init__(
        self, records: Records, drift: DriftRepository, histories: RecordedBatches
    ) -> None:
        self._records = records
        self._drift = drift
        self._histories = histories

    async def restore(self, workflow_id: str, run_id: str, stored: int) -> int:
        """Record what a run has recorded after revision `stored`, and note it as drift.

        Returns how many batches; 0: none were lost, or Temporal has deleted them.
        """
        batches = await self._histories.recorded_after(workflow_id, run_id, stored)
        if batches:
            await self._record(workflow_id, run_id, stored, batches)
        return len(batches)

    async def record_after_gap(
        self, batch: RecordBatch, run_id: str, stored: int
    ) -> Directives:
        """Record what is missing before a batch, then the batch itself; returns what is in force for it."""
        pair = batch.pair.workflow_id
        lost = await self._histories.recorded_after(pair, run_id, stored)
        return await self._record(pair, run_id, stored, [*lost, batch])

    async def _record(
        self, workflow_id: str, run_id: str, stored: int, batches: list[RecordBatch]
    ) -> Directives:
        complete = batches[0].records[0].revision <= stored + 1
        found = DriftFound(
            workflow_id=workflow_id,
            kind=DriftKind.BEHIND,
            why="restored" if complete else "history_deleted",
            run_id=run_id,
        )
        drift = await self._drift.find_or_add(found)
        for batch in batches:
            directives = await self._records.record(batch, gap_allowed=not complete)
        await self._drift.mark_recorded_again(drift, complete=complete)
        log.warning(
            "recorded_again",
            workflow_id=workflow_id,
            after=stored,
            batches=len(batches),
            complete=complete,
        )
        return directives
