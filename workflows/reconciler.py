"""ReconcilerWorkflow: one look at all runs. A Temporal Schedule starts it every few minutes."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reconciler.activities import ReconcilerActivities
    from schemas.records.drift import DriftKind, ReconcileReport
    from workflows import options
    from workflows.receiving import NoHandlers, register_handlers
    from workflows.refused_messages import RefusedMessages


@workflow.defn(name="ReconcilerWorkflow")
@register_handlers(NoHandlers)
class ReconcilerWorkflow:
    """Compares PostgreSQL with the workflows once, repairs what may be repaired, and reports."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.refused_messages = RefusedMessages()
        self.woken = False

    @workflow.run
    async def run(self, *args: Any) -> ReconcileReport:
        report = await workflow.execute_activity_method(
            ReconcilerActivities.reconcile,
            _look_before(),
            summary="Compare PostgreSQL with the workflows",
            **options.SWEEP,
        )
        workflow.set_current_details(_details(report))
        return report


def _look_before() -> int:
    """Returns the number of the last look that ended well; 0: none did, or not under a schedule."""
    report = workflow.get_last_completion_result(ReconcileReport)
    return report.look if report else 0


def _details(report: ReconcileReport) -> str:
    """Markdown for the tab *User Metadata*."""
    counts = [f"- **{kind.value}**: {report.found.get(kind, 0)}" for kind in DriftKind]
    rest = f"Repaired {report.repaired}, left {report.left}, cut short by an error {report.failed}."
    set_back = ["PostgreSQL was **set back**, as after a backup was restored.", ""]
    counted = f"Counts of the console that were wrong, and are corrected: {report.counts_corrected}."
    return "\n".join(
        [
            "## Reconciler",
            "",
            *(set_back if report.set_back else []),
            *counts,
            "",
            f"{rest} The console's page *Runs* says which.",
            "",
            counted,
        ]
    )
