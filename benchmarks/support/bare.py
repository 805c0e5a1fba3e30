"""The floor: a workflow with one activity, one timer and one signal a session, and nothing else."""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bare"
SESSIONS = 6


@activity.defn
async def nothing(session: int) -> int:
    return session


@workflow.defn
class Bare:
    """Six times: an activity, a timer, a signal."""

    def __init__(self) -> None:
        self.received = 0

    @workflow.run
    async def run(self) -> None:
        for session in range(1, SESSIONS + 1):
            await workflow.execute_activity(
                nothing, session, start_to_close_timeout=timedelta(seconds=30)
            )
            await workflow.sleep(timedelta(milliseconds=1))
            await workflow.wait_condition(
                lambda wanted=session: self.received >= wanted  # type: ignore[misc]
            )

    @workflow.signal
    def receive(self) -> None:
        self.received += 1


async def main() -> None:
    from workers.client import connect
    from workers.payload_keys import NO_KEYS

    client: Client = await connect(NO_KEYS)
    async with Worker(client, task_queue=QUEUE, workflows=[Bare], activities=[nothing]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
