"""Runs and the record: what `binome doctor` says of them, and how it has them mended."""

from typing import TYPE_CHECKING

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from binome.findings import Finding
from binome.stack import temporal
from binome.where import NotReached, Where
from schemas.drift import ReconcileReport
from schemas.ids import RECONCILE_SCHEDULE, TASK_QUEUE

if TYPE_CHECKING:
    from schemas.drift import Drift

MOST = 20
"""Findings that are named one by one; the console lists the rest."""


async def reconciler(where: Where) -> Finding:
    """Whether Temporal starts it."""
    try:
        client = await where.client()
        found = await client.get_schedule_handle(RECONCILE_SCHEDULE).describe()
    except (NotReached, RPCError) as error:
        if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
            return Finding(
                "reconciler",
                False,
                "no schedule starts it; a worker makes it at its start",
                _WORKER,
            )
        return Finding(
            "reconciler",
            False,
            "cannot be seen while Temporal does not answer",
            "mend Temporal first",
        )
    if found.schedule.state.paused:
        mend = f"unpause the schedule {RECONCILE_SCHEDULE} in the Temporal Web UI"
        return Finding(
            "reconciler", False, "its schedule is paused; lost runs stay lost", mend
        )
    last = max(
        (action.started_at for action in found.info.recent_actions), default=None
    )
    return Finding(
        "reconciler",
        True,
        f"last started {last:%Y-%m-%d %H:%M} UTC" if last else "has not run yet",
    )


_WORKER = "run: binome worker"


async def runs(where: Where) -> list[Finding]:
    """Every run that is not as the record has it, with what to do."""
    try:
        async with where.store() as store:
            drift = await store.drift.open()
    except Exception:  # away, or not migrated: the look at the database says which
        return [
            Finding(
                "runs",
                False,
                "cannot be compared while the database is not well",
                "mend the database first",
            )
        ]
    if not drift:
        return [
            Finding(
                "runs", True, "every run that was looked at is as the record has it"
            )
        ]
    named = [_finding(found) for found in drift[:MOST]]
    more = len(drift) - len(named)
    rest = Finding(
        "runs", False, f"{more} more", f"see {where.settings.public_url}/runs"
    )
    return [*named, rest] if more else named


def _finding(found: "Drift") -> Finding:
    from domain.runs import wording as drift_words

    since = f"since {found.found_at:%Y-%m-%d %H:%M} UTC"
    return Finding(
        found.workflow_id,
        False,
        f"{drift_words.what(found)}, {since}",
        drift_words.mend(found),
    )


async def mend(where: Where) -> ReconcileReport:
    """Run the reconciler now and wait for its report; one that somebody else had begun just now is as good.

    Raises:
        NotReached: Temporal does not answer, or no worker would do it.
    """
    client = await where.client()
    if not await temporal.has_worker(client):
        raise NotReached(
            "no worker is at work, so nothing can be mended; run: binome worker"
        )
    return await _reconcile(client)


async def _reconcile(client: Client) -> ReconcileReport:
    report: ReconcileReport = await client.execute_workflow(
        "ReconcilerWorkflow",
        id=f"{RECONCILE_SCHEDULE}-now",
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Compare PostgreSQL with the workflows",
        result_type=ReconcileReport,
    )
    return report
