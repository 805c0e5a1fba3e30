"""What encrypted histories cost the worker: the same whole pairs without keys and with one, by turns.

A pair of six sessions in skipped time, its participants' answers included; the worker
does all but PostgreSQL and mails, which the codec has no part in, so that a real
worker's ratio is lower. Rounds alternate, since a shared machine has slow hours.
"""

import asyncio
import os
import statistics
from collections.abc import Sequence
from time import process_time
from typing import NamedTuple

from temporalio.client import Client
from temporalio.runtime import (
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from benchmarks.support.counting import cost_of
from benchmarks.support.tables import table
from schemas.ids import TASK_QUEUE
from tests.support.encryption import FIRST, client_with
from tests.support.played import AnswerLater, PlayedActivities
from tests.support.temporal_servers import skipping_server
from tests.workflows.test_pair import PAIR, start
from workers.runner import workflow_runner
from workflows.pair import PairWorkflow

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
AIM = 1.05


class Lived(NamedTuple):
    """One pair."""

    seconds: float
    """Processor time of this process: worker and participants."""
    size: int
    """Bytes of its history."""


async def live(environment: WorkflowEnvironment, client: Client) -> Lived:
    """One whole pair, from its start to its end."""
    played = PlayedActivities(environment)
    played.client = client
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[PairWorkflow, AnswerLater],
        activities=[played.record, played.find_slots],
        workflow_runner=workflow_runner(),
    ):
        given, begun = await start(environment), process_time()
        outcome = await client.execute_workflow(
            "PairWorkflow", given, id=PAIR.workflow_id, task_queue=TASK_QUEUE
        )
        spent = process_time() - begun
    assert outcome == "completed"
    return Lived(spent, (await cost_of(client, PAIR.workflow_id)).size)


async def main() -> None:
    # The server that skips time is older than the SDK wishes, and each worker says so.
    quiet = LoggingConfig(TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=quiet)))
    plain, encrypted = [], []
    async with skipping_server() as environment:
        without, with_key = (
            client_with(environment.client, *keys) for keys in ((), (FIRST,))
        )
        await live(environment, without)  # what is loaded once belongs to neither
        for _ in range(ROUNDS):
            plain.append(await live(environment, without))
            encrypted.append(await live(environment, with_key))
    _print(plain, encrypted)


def _print(plain: Sequence[Lived], encrypted: Sequence[Lived]) -> None:
    ratios = [
        other.seconds / one.seconds for one, other in zip(plain, encrypted, strict=True)
    ]
    low, middle, high = statistics.quantiles(ratios)
    size = [
        statistics.median(lived.size for lived in runs) for runs in (plain, encrypted)
    ]
    rows = [
        ["plain", _milliseconds(plain), "1", f"{size[0]:,.0f}"],
        ["encrypted", _milliseconds(encrypted), f"{middle:.3f}", f"{size[1]:,.0f}"],
    ]
    title = (
        f"Encrypted histories, {ROUNDS} rounds (aim: a ratio of {AIM}; "
        f"half of the rounds between {low:.3f} and {high:.3f})"
    )
    table(title, ["what", "worker ms a pair", "ratio", "bytes a pair"], rows)


def _milliseconds(runs: Sequence[Lived]) -> str:
    return f"{1000 * statistics.median(lived.seconds for lived in runs):.0f}"


if __name__ == "__main__":
    asyncio.run(main())
