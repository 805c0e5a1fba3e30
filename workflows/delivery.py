"""DeliveryWorkflow: one per channel; keeps the activity that delivers due notices alive."""

from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.notifications.activities import DeliveryActivities
    from schemas.ids import NOTIFICATIONS_QUEUE
    from workflows import options
    from workflows.inbox import Inbox, invalid_input, unknown_signal

CHANNELS = ("mail",)
ROUNDS = 20
"""Activities a run: each runs for most of an hour, so a run lasts about a day."""


@workflow.defn(name="DeliveryWorkflow")
class DeliveryWorkflow:
    """Delivery for one channel, for ever."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.inbox = Inbox()

    @workflow.run
    async def run(self, *args: Any) -> None:
        if len(args) != 1 or args[0] not in CHANNELS:
            raise invalid_input(f"channel: unknown; allowed: {', '.join(CHANNELS)}")
        workflow.set_current_details(
            f"## Delivery by {args[0]}\n\nSends what is due, within working hours. Nothing to do here."
        )
        for _ in range(ROUNDS):
            try:
                await workflow.execute_activity_method(
                    DeliveryActivities.deliver,
                    args[0],
                    summary=f"Deliver by {args[0]}",
                    task_queue=NOTIFICATIONS_QUEUE,
                    **options.DELIVER,
                )
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                workflow.logger.warning("delivery stopped and is started again")
        workflow.continue_as_new(args[0])

    @workflow.signal(dynamic=True)
    def anything_else(self, name: str, args: Sequence[RawValue]) -> None:
        unknown_signal(self.inbox, name, args, ("(none)",))
