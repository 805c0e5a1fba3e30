"""One workflow id: look at both sides, and bring its run into line with the record."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.client import Client

from activities.executions.runs import PATIENCE, look, terminate
from activities.executions.starting import unless_gone
from activities.persistence.store import Store
from activities.reconciler.received import send_again, unrecorded_messages
from activities.reconciler.restarts import KnownExecution, known, start_again
from domain.runs.judgement import Run, judge
from schemas.drift import Drift, DriftFound, DriftKind, RepairAction

MOST_RESTARTS = 5
"""Of one workflow id within a day; what has ended so often ends again, and somebody must look."""
REASONS = {
    DriftKind.SUSPENDED: "its record says other than it does; it is started again from the record",
    DriftKind.OUTLIVED: "it is closed on record",
}


class RepairResult(NamedTuple):
    """What an examination came to: what was wrong, whether it is mended, and how much was sent once more."""

    kind: DriftKind
    well: bool
    again: int = 0


class Repairer:
    """Safe to be at work twice at a time, and to be cut short anywhere: the next one goes on from what is written."""

    def __init__(self, store: Store, client: Client, settle: timedelta) -> None:
        self._store = store
        self._client = client
        self._settle = settle

    async def examine(self, workflow_id: str) -> RepairResult | None:
        """None: it is as it should be, or changed only just now."""
        found, _, _ = await self._see(workflow_id)
        if found is None:
            return None
        async with self._store.mending(workflow_id) as ours:
            if not ours:
                return RepairResult(found.kind, False)
            found, record, run = await self._see(
                workflow_id
            )  # whoever had it before us may have mended it
            if found is None or record is None:
                return None
            return await self._mend(found, record, run)

    async def close_account(self, drift: Drift) -> RepairResult | None:
        """Of what was found earlier: finish what a crash cut short, or say that it is well by itself."""
        async with self._store.mending(drift.workflow_id) as ours:
            if not ours:
                return None
            found, record, _ = await self._see(drift.workflow_id)
            if found is not None and (found.kind, found.run_id) == (
                drift.kind,
                drift.run_id,
            ):
                return None
            again = 0
            if drift.repair is RepairAction.RESTARTED:
                again = await self._hear(drift, record.claim if record else None)
            await self._store.mended(drift)
            return RepairResult(drift.kind, True, again)

    async def _see(
        self, workflow_id: str
    ) -> tuple[DriftFound | None, KnownExecution | None, Run | None]:
        run = await look(self._client, workflow_id)
        record = await known(self._store, workflow_id)
        if record is None:
            return None, None, run
        return (
            judge(workflow_id, record.record, run, datetime.now(UTC), self._settle),
            record,
            run,
        )

    async def _mend(
        self, found: DriftFound, record: KnownExecution, run: Run | None
    ) -> RepairResult:
        drift = await self._store.note_drift(found)
        if found.kind is DriftKind.STUCK:
            return RepairResult(found.kind, False)
        if found.kind is DriftKind.OUTLIVED:
            await self._store.begin_deed(
                drift, RepairAction.TERMINATED, record.programme, record.record.revision
            )
            await terminate(
                self._client, found.workflow_id, found.run_id, REASONS[found.kind]
            )
            await self._store.mended(drift)
            return RepairResult(found.kind, True)
        return await self._restart(drift, record, run)

    async def _restart(
        self, drift: Drift, record: KnownExecution, run: Run | None
    ) -> RepairResult:
        if (
            drift.repair is not RepairAction.RESTARTED
            and await self._store.restarts_today(drift.workflow_id) >= MOST_RESTARTS
        ):
            await self._store.give_up(drift)
            return RepairResult(drift.kind, False)
        if run is not None and run.open:
            await terminate(
                self._client,
                drift.workflow_id,
                run.run_id,
                REASONS[DriftKind.SUSPENDED],
            )
            record = await known(self._store, drift.workflow_id) or record
        revision = record.record.revision
        again = await self._store.begin_deed(
            drift, RepairAction.RESTARTED, record.programme, revision
        )
        await start_again(self._client, drift.workflow_id, record)
        again += await self._hear(
            drift.model_copy(update={"revision": revision}), record.claim
        )
        await self._store.mended(drift)
        return RepairResult(drift.kind, True, again)

    async def _hear(self, drift: Drift, claim: str | None) -> int:
        """Tell the new run what the old one was told and had not recorded, and of a match that nobody could hear of."""
        messages = await unrecorded_messages(
            self._client, drift.workflow_id, drift.run_id, drift.revision
        )
        told = await send_again(self._client, drift.workflow_id, messages)
        if claim is None:
            return told
        handle = self._client.get_workflow_handle(drift.workflow_id)
        await unless_gone(
            handle.signal("matched", {"mentee": claim}, rpc_timeout=PATIENCE)
        )
        return told + 1
