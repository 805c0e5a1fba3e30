"""RetentionWorkflow: clears out once what has been kept long enough. A Temporal Schedule starts it every day."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.retention.activities import RetentionActivities
    from schemas.records.retention import RetentionReport
    from workflows import options
    from workflows.receiving import NoHandlers, register_handlers
    from workflows.refused_messages import RefusedMessages


@workflow.defn(name="RetentionWorkflow")
@register_handlers(NoHandlers)
class RetentionWorkflow:
    """Archives, drops, empties and erases by the retention policy, once, and reports."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.refused_messages = RefusedMessages()
        self.woken = False

    @workflow.run
    async def run(self, *args: Any) -> RetentionReport:
        report = await workflow.execute_activity_method(
            RetentionActivities.retain,
            summary="Clear out what has been kept long enough",
            **options.RETAIN,
        )
        workflow.set_current_details(_details(report))
        return report


def _details(report: RetentionReport) -> str:
    """Markdown for the tab *User Metadata*."""
    counts = report.model_dump().items()
    lines = [f"- **{name.replace('_', ' ')}**: {count}" for name, count in counts]
    return "\n".join(["## Retention", "", *lines])
