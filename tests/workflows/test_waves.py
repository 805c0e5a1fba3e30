"""A region has its second wave in its time: for those whom the first one left, whoever opens it."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from schemas.cohort import CohortClosed, Evidence
from schemas.ids import TASK_QUEUE, CohortRef
from schemas.rollout import ProgrammeState
from tests.support.whole import FREE, WholeActivities
from tests.support.world import file, line

PEOPLE = file(
    line("COACH", roles="supervisor"),
    line("OPS", roles="ops"),
    line("SPONSOR", roles="sponsor"),
    *(line(f"MENTEE-{n}", roles="mentee", **FREE) for n in range(3)),
    *(
        line(f"MENTOR-{n}", roles="mentor", supervisor="COACH", **FREE)
        for n in range(2)
    ),
)
DOCUMENT: dict[str, Any] = {
    "programme": "ours",
    "starts_on": "2027-01-11",
    "sessions": {"count": 1},
    "matching": {"approval": "automatic"},
    "extension": {"waves": 2, "next_wave_after": "8 weeks"},
}

ENDED = Evidence(
    cohort=CohortRef(programme="ours", region="comex"),
    pairs=7, completed=7, on_course=1, sessions_held=7, answers=0, aims_met=True,
)  # fmt: skip


@pytest.mark.parametrize("opening", ["proposed", "automatic"])
async def test_a_programme_of_two_waves_runs_both(
    opening: str, skipping: WorkflowEnvironment, database_url: str
) -> None:
    store = await Store.open(database_url)
    await store.imports.apply(PEOPLE)
    first, second = WholeActivities(skipping, store).workers()
    document = {**DOCUMENT, "regions": [{"region": "comex", "opening": opening}]}
    async with first, second:
        await skipping.client.execute_workflow(
            "ProgrammeWorkflow", document, id="programme:ours", task_queue=TASK_QUEUE
        )
        waves = [
            await skipping.client.get_workflow_handle(
                f"cohort:ours:comex:{n}"
            ).describe()
            for n in (1, 2)
        ]
    status = await store.status.find("ours")
    await store.close()
    assert status is not None and status.status == "closed"
    assert waves[0].close_time and waves[1].start_time - waves[
        0
    ].close_time >= timedelta(weeks=8)
    assert [(r.wave, r.status, r.outcomes) for r in status.regions] == [
        (1, "closed", {"completed": 2}),
        (2, "closed", {"completed": 1, "unmatched": 1}),
    ]


async def test_a_cohort_that_ends_before_its_programme_knows_that_it_opened_has_ended(
    skipping: WorkflowEnvironment, database_url: str
) -> None:
    store = await Store.open(database_url)
    await store.imports.apply(PEOPLE)
    first, second = WholeActivities(skipping, store).workers()
    document = {**DOCUMENT, "extension": {}, "regions": [{"region": "comex"}]}
    early: dict[str, Any] = {
        "start_signal": "cohort_closed",
        "start_signal_args": [CohortClosed(evidence=ENDED)],
    }
    async with first, second:
        programme = await skipping.client.start_workflow(
            "ProgrammeWorkflow",
            document,
            id="programme:ours",
            task_queue=TASK_QUEUE,
            **early,
        )
        await programme.result()
        state: ProgrammeState = await programme.query(
            "state", result_type=ProgrammeState
        )
    await store.close()
    assert (state.finished, state.regions[0].evidence) == (True, ENDED)
