"""One workflow id: look at both sides, and bring its run into line with the record."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.client import Client

from activities.reconciler.ports import (
    ExecutionClient,
    LostTransitions,
    ReconcilerStore,
)
from activities.reconciler.received import send_again, unrecorded_messages
from domain.notices.partitions import channel_and_number
from domain.runs.execution import RecordedExecution, delivery_execution
from domain.runs.judgement import OnRecord, Run, judge
from schemas.ids import parse_cohort_id, parse_pair_id
from schemas.records.drift import Drift, DriftFound, DriftKind, RepairAction

MOST_RESTARTS_A_DAY = 5
"""Most restarts of one workflow id in a day; after that, somebody must look why it
ends."""
REASONS = {
    DriftKind.SUSPENDED: "its record says other than it does; it is started again from the record",
    DriftKind.OUTLIVED: "it is closed on record",
}


class RepairResult(NamedTuple):
    """The drift that an examination found, and whether it was repaired."""

    kind: DriftKind
    repaired: bool
    sent_again: int = 0
    """Events and messages that the run receives once more."""


class Repairer:
    """Repairs runs. Several may be at work at a time, and be cut short anywhere: the next goes on from the record."""

    def __init__(
        self,
        store: ReconcilerStore,
        executions: ExecutionClient,
        client: Client,
        lost: LostTransitions,
        settle: timedelta,
    ) -> None:
        self._store = store
        self._executions = executions
        self._client = client
        self._lost = lost
        self._settle = settle

    async def examine(self, workflow_id: str) -> RepairResult | None:
        """Compare a run with the record, and repair it; None: nothing is wrong, or it
        changed a moment ago.
        """
        found, _, _ = await self._see(workflow_id)
        if found is None:
            return None
        async with self._store.drift.lock(workflow_id) as ours:
            if not ours:
                return RepairResult(found.kind, False)
            # Whoever held the lock before may have repaired it.
            found, record, run = await self._see(workflow_id)
            if found is None or record is None:
                return None
            if found.kind is DriftKind.ENDED and await self._restored(
                found, record.record.revision
            ):
                found, record, run = await self._see(workflow_id)
                if found is None or record is None:
                    return RepairResult(DriftKind.BEHIND, True)
            return await self._repair(found, record, run)

    async def _restored(self, ended: DriftFound, stored: int) -> bool:
        """Whether an ended pair had recorded more than PostgreSQL holds; it does now."""
        if not ended.workflow_id.startswith("pair:"):
            return False
        restored = await self._lost.restore(ended.workflow_id, ended.run_id, stored)
        return restored > 0

    async def record_lost(self, workflow_id: str) -> RepairResult | None:
        """Record again what a run recorded and PostgreSQL has lost; None: nothing is lost."""
        pair = parse_pair_id(workflow_id)
        async with self._store.drift.lock(workflow_id) as ours:
            if not ours:
                return RepairResult(DriftKind.BEHIND, False)
            run = await self._executions.describe(workflow_id)
            record = await self._store.executions.pair(pair)
            stored = record.record.revision if record else 0
            if run is None or not await self._lost.restore(
                workflow_id, run.run_id, stored
            ):
                return None
            return RepairResult(DriftKind.BEHIND, True)

    async def note_misplaced(self, found: DriftFound) -> RepairResult:
        """Keep that somebody has to look at a run; it may be another application's."""
        await self._store.drift.find_or_add(found)
        return RepairResult(found.kind, False)

    async def close_drift(self, drift: Drift) -> RepairResult | None:
        """Finish what a crash cut short of an earlier repair, or note that the run recovered by itself."""
        async with self._store.drift.lock(drift.workflow_id) as ours:
            if not ours:
                return None
            found, record, run = await self._see(drift.workflow_id)
            if drift.kind is DriftKind.MISPLACED and _goes_on(drift, run):
                return None
            if found is not None and (found.kind, found.run_id) == (
                drift.kind,
                drift.run_id,
            ):
                return None
            again = 0
            if drift.repair is RepairAction.RESTARTED:
                claimed = record.claimed_mentee if record else None
                again = await self._send_again(drift, claimed)
            await self._store.drift.mark_repaired(drift)
            return RepairResult(drift.kind, True, again)

    async def _see(
        self, workflow_id: str
    ) -> tuple[DriftFound | None, RecordedExecution | None, Run | None]:
        run = await self._executions.describe(workflow_id)
        record = await _recorded(self._store, workflow_id)
        if record is None:
            return None, None, run
        return (
            judge(workflow_id, record.record, run, datetime.now(UTC), self._settle),
            record,
            run,
        )

    async def _repair(
        self, found: DriftFound, record: RecordedExecution, run: Run | None
    ) -> RepairResult:
        drift = await self._store.drift.find_or_add(found)
        if found.kind is DriftKind.STUCK:
            return RepairResult(found.kind, False)
        if found.kind is DriftKind.OUTLIVED:
            await self._store.drift.begin_repair(
                drift, RepairAction.TERMINATED, record.programme, record.record.revision
            )
            await self._executions.terminate(
                found.workflow_id, found.run_id, REASONS[found.kind]
            )
            await self._store.drift.mark_repaired(drift)
            return RepairResult(found.kind, True)
        return await self._restart(drift, record, run)

    async def _restart(
        self, drift: Drift, record: RecordedExecution, run: Run | None
    ) -> RepairResult:
        restarts = await self._store.drift.restarts_today(drift.workflow_id)
        restarted = drift.repair is RepairAction.RESTARTED
        if not restarted and restarts >= MOST_RESTARTS_A_DAY:
            await self._store.drift.give_up(drift)
            return RepairResult(drift.kind, False)
        if run is not None and run.open:
            await self._executions.terminate(
                drift.workflow_id,
                run.run_id,
                REASONS[DriftKind.SUSPENDED],
            )
            record = await _recorded(self._store, drift.workflow_id) or record
        revision = record.record.revision
        again = await self._store.drift.begin_repair(
            drift, RepairAction.RESTARTED, record.programme, revision
        )
        await self._executions.start(record.execution, again=True)
        again += await self._send_again(
            drift.model_copy(update={"revision": revision}), record.claimed_mentee
        )
        await self._store.drift.mark_repaired(drift)
        return RepairResult(drift.kind, True, again)

    async def _send_again(self, drift: Drift, claimed_mentee: str | None) -> int:
        """Send the new run what the old one had not recorded, and a match that no run could receive."""
        messages = await unrecorded_messages(
            self._client, drift.workflow_id, drift.run_id, drift.revision
        )
        sent = await send_again(self._client, drift.workflow_id, messages)
        if claimed_mentee is None:
            return sent
        await self._executions.signal(
            drift.workflow_id, "matched", {"mentee": claimed_mentee}
        )
        return sent + 1


def _goes_on(drift: Drift, run: Run | None) -> bool:
    return run is not None and run.open and run.run_id == drift.run_id


async def _recorded(
    store: ReconcilerStore, workflow_id: str
) -> RecordedExecution | None:
    """Returns what PostgreSQL holds of a workflow id; None: nothing from which it can
    be started.
    """
    kind, _, rest = workflow_id.partition(":")
    match kind:
        case "pair":
            return await store.executions.pair(parse_pair_id(workflow_id))
        case "cohort":
            return await store.executions.cohort(parse_cohort_id(workflow_id))
        case "programme":
            return await store.executions.programme(rest)
        case "delivery" if channel_and_number(rest):
            return RecordedExecution(OnRecord(live=True), delivery_execution(rest))
        case _:
            return None
