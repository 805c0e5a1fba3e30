"""The published programmes that are shipped as templates run to their end, with two pairs a region."""

import json

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from schemas.ids import TASK_QUEUE
from schemas.stages import Outcome
from tests.support.whole import EXAMPLES, WholeActivities, people


@pytest.mark.parametrize("template", ["cofely", "axa", "orange"])
async def test_a_published_programme_runs_to_its_end(
    template: str, skipping: WorkflowEnvironment, database_url: str
) -> None:
    document = json.loads((EXAMPLES / f"{template}.json").read_text())
    store = await Store.open(database_url)
    await store.imports.apply(people(document))
    whole = WholeActivities(skipping, store)
    own = {k: document[k] for k in ("starts_on", "regions")} | {
        "programme": "ours",
        "template": template,
    }
    first, second = whole.workers()
    async with first, second:
        await skipping.client.execute_workflow(
            "ProgrammeWorkflow", own, id="programme:ours", task_queue=TASK_QUEUE
        )
    status = await store.status.find("ours")
    await store.close()
    assert status is not None
    sessions = 2 * document["sessions"]["count"]
    assert [(r.region, r.status, r.sessions_held) for r in status.regions] == [
        (region["region"], "closed", sessions) for region in document["regions"]
    ]
    assert all(r.outcomes.get(Outcome.COMPLETED) == 2 for r in status.regions)
