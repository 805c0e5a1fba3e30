"""One run of the reconciler: everything that should run, everything that runs, and what was found before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.failures import TemporaryFailure
from activities.metrics import COUNTS_CORRECTED, RECONCILED, count
from activities.reconciler.ports import (
    ExecutionClient,
    LostTransitions,
    ReconcilerStore,
)
from activities.reconciler.repairs import Repairer, RepairResult
from activities.redaction import redacted_failures
from domain.notices.partitions import deliveries
from schemas.base import LenientModel
from schemas.ids import delivery_workflow_id
from schemas.records.drift import ReconcileReport

SETTLED_AFTER = timedelta(minutes=1)
"""Wall time in which a change is left alone: lists lag, and a record under way may still be written."""
PAGE = 100
"""Pairs that are signalled between two heartbeats, and about which visibility is asked."""
LIVE_PAGE = 1000
"""Pairs read from PostgreSQL at a time."""
CONCURRENT_EXAMINATIONS = 4
"""Examinations at a time; each may hold a connection to PostgreSQL while it repairs."""
MOST_SILENT = 200
"""Pairs a run that are asked whether they are stuck though nothing of theirs is overdue."""
MOST_MISPLACED = 100
"""Runs a look that are noted for their task queue or type; with more, another application uses the namespace."""
_UNAVAILABLE = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
)

log = structlog.get_logger(__name__)

Page = tuple[str, Sequence[str]]
"""(position after it, workflow ids to examine) of one page of a walk."""


class ReconcileProgress(LenientModel):
    """Details of a heartbeat: the position from which a retry goes on, and the report
    so far.
    """

    walk: int = 0
    after: str = ""
    report: ReconcileReport = ReconcileReport()


class ReconcilerActivities:
    """The activity of the reconciler. `settle` is shorter in tests alone.

    `partitions`: how many deliveries each channel is to have.
    """

    def __init__(
        self,
        store: ReconcilerStore,
        executions: ExecutionClient,
        client: Client,
        lost: LostTransitions,
        settle: timedelta = SETTLED_AFTER,
        partitions: int = 1,
    ) -> None:
        self._store = store
        self._executions = executions
        self._partitions = partitions
        self._repairer = Repairer(store, executions, client, lost, settle)
        self._walks: tuple[Callable[[str], AsyncIterator[Page]], ...] = (
            self._parents,
            self._pairs,
            self._suspended,
            self._silent,
            self._not_obeying_pause,
        )

    @activity.defn
    @redacted_failures
    async def reconcile(self, look_before: int = 0) -> ReconcileReport:
        """Compare PostgreSQL with the workflows, once, and repair what may be repaired. A retry goes on where it was.

        Cohorts are signalled changed reporting lines on the way: they would check them only on their next day.

        Args:
            look_before: number of the look before, as Temporal knows it; PostgreSQL knows
                a smaller one after a backup was restored, and all pairs are read anew.
        """
        await self._signal(await self._store.guard.due(), "people_changed")
        stored_look = await self._store.drift.look()
        progress = _progress_of_last_attempt(look_before, stored_look)
        if progress.report.set_back:
            progress = await self._record_lost(progress)
        for number, walk in enumerate(self._walks[progress.walk :], progress.walk):
            async for after, workflow_ids in walk(progress.after):
                report = await self._all(workflow_ids, self._repairer.examine, progress)
                progress = ReconcileProgress(walk=number, after=after, report=report)
                activity.heartbeat(progress)
            progress = ReconcileProgress(walk=number + 1, report=progress.report)
        progress = await self._note_misplaced(progress)
        report = await self._close_open_drift(progress)
        await self._store.drift.set_look(report.look)
        corrected = await self._check_counters()
        _count(report, corrected)
        return report.model_copy(update={"counts_corrected": corrected})

    async def _record_lost(self, progress: ReconcileProgress) -> ReconcileProgress:
        """Record again what PostgreSQL has lost of pairs that run.

        Of those that ended meanwhile it is done when they are found to have no run.
        """
        async for page in self._executions.running_pairs():
            report = await self._all(page, self._repairer.record_lost, progress)
            progress = progress.model_copy(update={"report": report})
            activity.heartbeat(progress)
        return progress

    async def _note_misplaced(self, progress: ReconcileProgress) -> ReconcileProgress:
        found = await self._executions.misplaced(MOST_MISPLACED)
        runs = {f"{each.workflow_id} {each.run_id}": each for each in found}
        report = await self._all(
            list(runs), lambda key: self._repairer.note_misplaced(runs[key]), progress
        )
        return progress.model_copy(update={"report": report})

    async def _parents(self, _: str) -> AsyncIterator[Page]:
        """Yields all programmes, cohorts and delivery channels; they are few enough to
        examine each.
        """
        yield (
            "",
            [
                *map(delivery_workflow_id, deliveries(self._partitions)),
                *await self._store.executions.live_parents(),
            ],
        )

    async def _pairs(self, after: str) -> AsyncIterator[Page]:
        """Compare all that run with all that should.

        What runs is listed once, in few large pages: visibility takes ten calls a second,
        and others need theirs.
        """
        running: set[str] = set()
        async for listed in self._executions.running_pairs():
            running.update(listed)
            yield after, await self._store.executions.closed_among(listed)
        while page := await self._store.executions.live_pairs(after, LIVE_PAGE):
            after = page[-1].pair
            missing = [live.pair for live in page if live.pair not in running]
            running |= await self._started_since(missing)
            yield (
                after,
                [
                    live.pair
                    for live in page
                    if live.overdue or live.pair not in running
                ],
            )

    async def _started_since(self, missing: Sequence[str]) -> set[str]:
        """Returns those that visibility knows by now."""
        found: set[str] = set()
        for first in range(0, len(missing), PAGE):
            page = missing[first : first + PAGE]
            found |= await self._executions.running_among(page)
        return found

    async def _suspended(self, _: str) -> AsyncIterator[Page]:
        async for page in self._executions.suspended_pairs():
            yield "", page

    async def _silent(self, _: str) -> AsyncIterator[Page]:
        yield "", await self._store.executions.silent_pairs(MOST_SILENT)

    async def _not_obeying_pause(self, after: str) -> AsyncIterator[Page]:
        """Signal pairs that do not obey a pause once more, and yield them page by page."""
        while page := await self._store.executions.pairs_not_obeying_pause(after, PAGE):
            await self._signal(page, "directives_changed")
            after = page[-1]
            yield after, page

    async def _signal(self, workflow_ids: Sequence[str], name: str) -> None:
        await self._executions.signal_page(
            [(workflow_id, name, {}) for workflow_id in workflow_ids]
        )

    async def _check_counters(self) -> int:
        """Correct the counts that pages read. Returns how many differed from a recount."""
        corrected = await self._store.counters.correct()
        if corrected:
            log.warning("counts_corrected", numbers=corrected)
        await self._store.counters.fold()
        return corrected

    async def _close_open_drift(self, progress: ReconcileProgress) -> ReconcileReport:
        """Look again at what was found earlier and is open: repaired by now, recovered by itself, or as it was."""
        ids = {str(drift.id): drift for drift in await self._store.drift.open()}
        earlier = await self._all(
            list(ids), lambda key: self._repairer.close_drift(ids[key]), progress
        )
        return progress.report.model_copy(
            update={"failed": earlier.failed, "sent_again": earlier.sent_again}
        )

    async def _all(
        self,
        keys: Sequence[str],
        look: Callable[[str], Awaitable[RepairResult | None]],
        progress: ReconcileProgress,
    ) -> ReconcileReport:
        """Examine runs, some at a time.

        A failure of one leaves the others alone; an unreachable server ends the attempt.
        """
        gate, results = asyncio.Semaphore(CONCURRENT_EXAMINATIONS), [progress.report]

        async def one(key: str) -> None:
            async with gate:
                result = await self._safely(key, look)
            results.append(_counted(results[-1], result))
            activity.heartbeat(progress)

        for failure in await asyncio.gather(
            *(one(key) for key in keys), return_exceptions=True
        ):
            if failure is not None:
                raise failure
        return results[-1]

    async def _safely(
        self, key: str, look: Callable[[str], Awaitable[RepairResult | None]]
    ) -> RepairResult | Exception | None:
        try:
            return await look(key)
        except TemporaryFailure:
            raise
        except Exception as error:
            if isinstance(error, RPCError) and error.status in _UNAVAILABLE:
                raise
            log.error(
                "reconciling_failed",
                what=key,
                error=type(error).__name__,
                exc_info=error,
            )
            return error


def _count(report: ReconcileReport, corrected: int) -> None:
    meter = activity.metric_meter()
    count(meter, RECONCILED, report.repaired, "repaired")
    count(meter, RECONCILED, report.left, "left")
    count(meter, RECONCILED, report.failed, "failed")
    count(meter, COUNTS_CORRECTED, corrected)


def _progress_of_last_attempt(look_before: int, stored: int) -> ReconcileProgress:
    details = activity.info().heartbeat_details
    if details:
        return ReconcileProgress.model_validate(details[0])
    look, set_back = max(look_before, stored) + 1, stored < look_before
    return ReconcileProgress(report=ReconcileReport(look=look, set_back=set_back))


def _counted(
    report: ReconcileReport, result: RepairResult | Exception | None
) -> ReconcileReport:
    changes: dict[str, object] = {"examined": report.examined + 1}
    if isinstance(result, Exception):
        changes["failed"] = report.failed + 1
    elif result is not None:
        changes["found"] = {
            **report.found,
            result.kind: report.found.get(result.kind, 0) + 1,
        }
        changes["repaired" if result.repaired else "left"] = (
            report.repaired if result.repaired else report.left
        ) + 1
        changes["sent_again"] = report.sent_again + result.sent_again
    return report.model_copy(update=changes)
