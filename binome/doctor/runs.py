"""Workflow runs against the database: what `binome doctor` says of them, and how it has them repaired."""

from datetime import UTC, datetime

from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from activities.executions.executions import TemporalExecutions
from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.errors import ServerNotReached
from binome.servers import ServerAddresses
from binome.stack import temporal
from schemas.ids import RECONCILE_SCHEDULE, TASK_QUEUE
from schemas.records.drift import Drift, ReconcileReport

MOST_NAMED = 20
"""Runs that are named one by one; the console lists the rest."""


async def runs(servers: ServerAddresses) -> list[Diagnosis]:
    """Report each workflow run that differs from the database, and what to do about it."""
    drift = await ask_store(servers, lambda store: store.drift.open())
    if drift is None:
        return [not_found_out("runs", "compared")]
    misplaced = await _misplaced(servers)
    kept = {(each.workflow_id, each.run_id) for each in drift}
    found = [
        *drift,
        *(each for each in misplaced if (each.workflow_id, each.run_id) not in kept),
    ]
    if not found:
        well = "every run that was looked at is as the record has it"
        return [Diagnosis("runs", True, well)]
    named = [_diagnosis(each) for each in found[:MOST_NAMED]]
    more = len(found) - len(named)
    rest = f"see {servers.settings.console_address()}/runs"
    return [*named, Diagnosis("runs", False, f"{more} more", rest)] if more else named


async def _misplaced(servers: ServerAddresses) -> list[Drift]:
    """Those that no worker takes up, as the reconciler would find them: it needs a worker itself."""
    try:
        executions = TemporalExecutions(await servers.client())
        found = await executions.misplaced(MOST_NAMED)
    except (ServerNotReached, RPCError):
        return []
    now = datetime.now(UTC)
    return [Drift(**dict(each), id=0, found_at=now) for each in found]


def _diagnosis(found: Drift) -> Diagnosis:
    from domain.runs import wording as drift_words

    since = f"since {found.found_at:%Y-%m-%d %H:%M} UTC"
    return Diagnosis(
        found.workflow_id,
        False,
        f"{drift_words.drift_in_words(found)}, {since}",
        drift_words.remedy(found),
    )


async def repair(servers: ServerAddresses) -> ReconcileReport:
    """Run the reconciler now and wait for its report; a run that has just begun is as good.

    Raises:
        ServerNotReached: Temporal does not answer, or no worker would do it.
    """
    client = await servers.client()
    if not await temporal.has_worker(client):
        raise ServerNotReached(
            "no worker is at work, so nothing can be repaired; run: binome worker"
        )
    report: ReconcileReport = await client.execute_workflow(
        "ReconcilerWorkflow",
        id=f"{RECONCILE_SCHEDULE}-now",
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Compare PostgreSQL with the workflows",
        result_type=ReconcileReport,
    )
    return report
