"""The cost of a pair is a promise: it may fall, and it rises only on purpose (edit cost.json, and say why)."""

import json
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from benchmarks.cost import (
    AIM_ACTIONS,
    AIM_EVENTS,
    AIM_RUN,
    PAIR,
    Collected,
    live,
    per_session,
)
from benchmarks.support.counting import cost_of
from tests.workflows.conftest import PairWorkers

GOLDEN = Path(__file__).parent / "cost.json"


async def test_a_pair_costs_what_the_golden_file_says(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    played = Collected(skipping)
    async with pair_worker(skipping.client, played):
        await live(skipping, played)
        cost = await cost_of(skipping.client, PAIR.workflow_id)
    golden = json.loads(GOLDEN.read_text())
    assert {"actions": cost.actions, "events": cost.events, "runs": cost.runs} == golden
    each = per_session(cost)
    assert each["actions"] <= AIM_ACTIONS
    assert each["events"] <= AIM_EVENTS
    assert cost.longest <= AIM_RUN
