"""Workflow runs against the database: what `binome doctor` says of them, and how it has them repaired."""

from typing import TYPE_CHECKING

from temporalio.common import WorkflowIDConflictPolicy

from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.errors import ServerNotReached
from binome.servers import ServerAddresses
from binome.stack import temporal
from schemas.ids import RECONCILE_SCHEDULE, TASK_QUEUE
from schemas.records.drift import ReconcileReport

if TYPE_CHECKING:
    from schemas.records.drift import Drift

MOST_NAMED = 20
"""Runs that are named one by one; the console lists the rest."""


async def runs(servers: ServerAddresses) -> list[Diagnosis]:
    """Report each workflow run that differs from the database, and what to do about it."""
    drift = await ask_store(servers, lambda store: store.drift.open())
    if drift is None:
        return [not_found_out("runs", "compared")]
    if not drift:
        found = "every run that was looked at is as the record has it"
        return [Diagnosis("runs", True, found)]
    named = [_diagnosis(each) for each in drift[:MOST_NAMED]]
    more = len(drift) - len(named)
    rest = f"see {servers.settings.console_address()}/runs"
    return [*named, Diagnosis("runs", False, f"{more} more", rest)] if more else named


def _diagnosis(found: "Drift") -> Diagnosis:
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
