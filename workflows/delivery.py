"""DeliveryWorkflow: keeps the activity that delivers due notices alive.

A channel has one, or several that share the people among them.
"""

import asyncio
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.notifications.activities import DeliveryActivities
    from domain.notices.partitions import CHANNELS, channel_and_number
    from schemas.effects import RefusedMessagesState
    from schemas.ids import NOTIFICATIONS_QUEUE
    from schemas.records.outbox import DeliveryReport
    from workflows import options
    from workflows.reading import invalid_input, read_carried
    from workflows.receiving import NoHandlers, register_handlers
    from workflows.refused_messages import RefusedMessages
    from workflows.retrying import retry_forever

ROUNDS_PER_RUN = 20
"""Rounds until continue-as-new. Each is an activity of most of an hour, so a run lasts
about a day."""


@workflow.defn(name="DeliveryWorkflow")
@register_handlers(NoHandlers)
class DeliveryWorkflow:
    """One delivery of a channel, until there are to be fewer."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        continued = workflow.info().continued_run_id and len(args) > 1
        self.refused_messages = RefusedMessages(
            read_carried(RefusedMessagesState, args[1:]) if continued else None
        )
        self.channel = (
            args[0]
            if continued or (len(args) == 1 and channel_and_number(args[0]))
            else None
        )
        self.woken = False
        self.over = False

    @workflow.run
    async def run(self, *args: Any) -> None:
        channel = self.channel
        if channel is None:
            raise invalid_input(f"channel: unknown; allowed: {', '.join(CHANNELS)}")
        workflow.set_current_details(
            f"## Delivery by {channel}\n\nSends what is due, within working hours. Nothing to do here."
        )
        delivering = asyncio.create_task(self._deliver(channel))
        try:
            while not (delivering.done() or options.should_continue_as_new()):
                await workflow.wait_condition(
                    lambda: self.refused_messages.has_unsaved or delivering.done()
                )
                await retry_forever(
                    self.refused_messages, "keeping", self.refused_messages.save
                )
        finally:
            delivering.cancel()  # the next run's delivery takes over; the outbox's locks keep the two apart
        if self.over:
            return
        workflow.continue_as_new(args=[channel, self.refused_messages.to_state()])

    async def _deliver(self, channel: str) -> None:
        for _ in range(ROUNDS_PER_RUN):
            report = await retry_forever(
                self.refused_messages, "delivery", lambda: self._one_round(channel)
            )
            if not report.needed:
                self.over = True
                return

    async def _one_round(self, channel: str) -> DeliveryReport:
        return await workflow.execute_activity_method(
            DeliveryActivities.deliver_notices,
            channel,
            summary=f"Deliver by {channel}",
            task_queue=NOTIFICATIONS_QUEUE,
            **options.DELIVER,
        )
