"""The reconciler's walk: everything that should run, everything that runs, and what was found before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.executions.runs import running_among, running_pairs, suspended_pairs
from activities.executions.starting import signal_page
from activities.persistence.database import DatabaseUnavailable
from activities.persistence.failures import said_shortly
from activities.persistence.store import Store
from activities.reconciler.repairs import Repairer, RepairResult
from activities.reconciler.restarts import deliveries
from schemas.base import Carried
from schemas.drift import ReconcileReport

SETTLE = timedelta(minutes=1)
"""Wall time in which a change is left alone: lists lag, and a record under way may still be written."""
PAGE = 100
AT_ONCE = 4
"""Examinations at a time; each may hold a connection to PostgreSQL while it mends."""
SILENT = 200
"""Pairs a run that are asked whether they are stuck though nothing of theirs is overdue."""
_AWAY = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
)

log = structlog.get_logger(__name__)

Page = tuple[str, Sequence[str]]
"""From where to go on after it, and whom to examine."""


class Progress(Carried):
    """What a heartbeat says, and a retry goes on from."""

    walk: int = 0
    after: str = ""
    report: ReconcileReport = ReconcileReport()


class ReconcilingActivities:
    """One instance a worker. `settle` is shorter in tests alone."""

    def __init__(
        self, store: Store, client: Client, settle: timedelta = SETTLE
    ) -> None:
        self._store = store
        self._client = client
        self._mender = Repairer(store, client, settle)
        self._walks: tuple[Callable[[str], AsyncIterator[Page]], ...] = (
            self._parents,
            self._pairs,
            self._suspended,
            self._outlived,
            self._silent,
            self._unheeding,
        )

    @activity.defn
    @said_shortly
    async def reconcile(self) -> ReconcileReport:
        """Compare PostgreSQL with the workflows, once, and mend what may be mended. A retry goes on where it was.

        Cohorts are told of changed reporting lines on the way: they would look at them on their next day.
        """
        await signal_page(
            self._client, await self._store.guards_due(), "people_changed", {}
        )
        progress = _where_it_was()
        for number, walk in enumerate(self._walks[progress.walk :], progress.walk):
            async for after, workflow_ids in walk(progress.after):
                report = await self._all(workflow_ids, self._mender.examine, progress)
                progress = Progress(walk=number, after=after, report=report)
                activity.heartbeat(progress)
            progress = Progress(walk=number + 1, report=progress.report)
        return await self._accounts(progress)

    async def _parents(self, _: str) -> AsyncIterator[Page]:
        """Few enough to ask about each."""
        yield "", [*deliveries(), *await self._store.live_parents()]

    async def _pairs(self, after: str) -> AsyncIterator[Page]:
        while page := await self._store.live_pairs(after, PAGE):
            running = await running_among(self._client, [live.pair for live in page])
            after = page[-1].pair
            yield (
                after,
                [
                    live.pair
                    for live in page
                    if live.overdue or live.pair not in running
                ],
            )

    async def _suspended(self, _: str) -> AsyncIterator[Page]:
        async for page in suspended_pairs(self._client):
            yield "", page

    async def _outlived(self, _: str) -> AsyncIterator[Page]:
        async for page in running_pairs(self._client):
            yield "", await self._store.closed_among(page)

    async def _silent(self, _: str) -> AsyncIterator[Page]:
        yield "", await self._store.silent_pairs(SILENT)

    async def _unheeding(self, after: str) -> AsyncIterator[Page]:
        """They are told to look once more, and looked at."""
        while page := await self._store.unheeding_pairs(after, PAGE):
            await signal_page(self._client, page, "directives_changed", {})
            after = page[-1]
            yield after, page

    async def _accounts(self, progress: Progress) -> ReconcileReport:
        """What was found earlier and stands open: done by now, well by itself, or as it was."""
        ids = {str(drift.id): drift for drift in await self._store.open_drift()}
        earlier = await self._all(
            list(ids), lambda key: self._mender.close_account(ids[key]), progress
        )
        return progress.report.model_copy(
            update={"failed": earlier.failed, "events_again": earlier.events_again}
        )

    async def _all(
        self,
        keys: Sequence[str],
        look: Callable[[str], Awaitable[RepairResult | None]],
        progress: Progress,
    ) -> ReconcileReport:
        """Some at a time. What goes wrong with one leaves the others alone; a part that is away ends the attempt."""
        gate, results = asyncio.Semaphore(AT_ONCE), [progress.report]

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
        except DatabaseUnavailable:
            raise
        except Exception as error:
            if isinstance(error, RPCError) and error.status in _AWAY:
                raise
            log.error(
                "reconciling_failed",
                what=key,
                error=type(error).__name__,
                exc_info=error,
            )
            return error


def _where_it_was() -> Progress:
    details = activity.info().heartbeat_details
    return Progress.model_validate(details[0]) if details else Progress()


def _counted(
    report: ReconcileReport, result: RepairResult | Exception | None
) -> ReconcileReport:
    changes: dict[str, object] = {"looked_at": report.looked_at + 1}
    if isinstance(result, Exception):
        changes["failed"] = report.failed + 1
    elif result is not None:
        changes["found"] = {
            **report.found,
            result.kind: report.found.get(result.kind, 0) + 1,
        }
        changes["mended" if result.well else "left"] = (
            report.mended if result.well else report.left
        ) + 1
        changes["events_again"] = report.events_again + result.again
    return report.model_copy(update=changes)
