"""What a worker pays to take up a pair that it does not have in its cache: the replay of a whole pair."""

import asyncio
import statistics
from collections.abc import AsyncIterator
from time import perf_counter, process_time

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from benchmarks.cost import PAIR, after_a_whole_pair
from benchmarks.support.counting import runs_of
from benchmarks.support.tables import Measured, bounds
from workers.converter import data_converter
from workers.runner import workflow_runner
from workflows.pair import PairWorkflow

ROUNDS = 40
BOUND_MS = 50


async def whole_pair() -> list[WorkflowHistory]:
    """The histories of all runs of a pair of six sessions."""
    async with after_a_whole_pair() as client:
        return [
            WorkflowHistory(PAIR.workflow_id, events)
            async for events in runs_of(client, PAIR.workflow_id)
        ]


async def replayed(histories: list[WorkflowHistory]) -> list[tuple[float, float]]:
    """Wall and processor milliseconds of each replay of the pair, by one worker."""

    async def again_and_again() -> AsyncIterator[WorkflowHistory]:
        for _ in range(ROUNDS):
            for history in histories:
                yield history

    replayer = Replayer(
        workflows=[PairWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=data_converter,
    )
    spent, before = [], (perf_counter(), process_time())
    async with replayer.workflow_replay_iterator(again_and_again()) as results:
        number = 0
        async for result in results:
            assert result.replay_failure is None, result.replay_failure
            number += 1
            if number % len(histories) == 0:
                now = perf_counter(), process_time()
                spent.append((1000 * (now[0] - before[0]), 1000 * (now[1] - before[1])))
                before = now
    return spent


async def main() -> None:
    histories = await whole_pair()
    first, *others = await replayed(histories)
    wall, processor = (statistics.median(each) for each in zip(*others, strict=True))
    events = sum(len(history.events) for history in histories)
    bounds(
        f"Replay of a whole pair of {events} events, {ROUNDS} times",
        [
            Measured("median, ms", wall, BOUND_MS),
            Measured("of it processor time of this process, ms", processor),
            Measured("the first one, which loads code, ms", first[0]),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
