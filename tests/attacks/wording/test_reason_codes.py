"""Row 11: a free reason code, such as `theo-…-burnout`, reached Temporal's history.

Each update that has a reason, and whatever else is a code, is sent to a real run; then
its whole history is read.
"""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from gateway.console.code_texts import DECISION_REASONS
from schemas.events import Side
from schemas.handlers import UPDATES_BY_WORKFLOW
from tests.support.lives import MENTOR, PAIR
from tests.unit.gateway.console.programmes import COMEX, running
from tests.unit.gateway.events.sending import event, send
from tests.unit.gateway.factories import House, proposed
from tests.unit.gateway.fakes.messages import RECEIVED
from tests.workflows.test_nonsense import a_live

SPOKEN = "theo-martin-burnout"
"""It has the form of a code, which was all that was asked for."""
WORKFLOWS = {
    "pair": "PairWorkflow",
    "cohort": "CohortWorkflow",
    "programme": "ProgrammeWorkflow",
}
NEEDED = {"item": "rehearsal", "region": "comex", "session": 1, "all": True}
FREE = [
    (kind, name, field)
    for kind, updates in UPDATES_BY_WORKFLOW.items()
    for name, model in updates.items()
    for field in ("reason", "item", "need", "region", "by", "approve", "refuse")
    if field in model.model_fields
]


@pytest.mark.parametrize(("kind", "name", "field"), FREE)
async def test_no_update_brings_a_code_of_ones_own_into_a_history(
    kind: str, name: str, field: str, skipping: WorkflowEnvironment
) -> None:
    fields = UPDATES_BY_WORKFLOW[kind][name].model_fields
    needed = {each: NEEDED[each] for each in NEEDED if each in fields}
    value: Any = [SPOKEN] if field in ("approve", "refuse") else SPOKEN
    async with a_live(WORKFLOWS[kind], skipping) as run:
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await run.handle.execute_update(name, {**needed, field: value})
        cause = refusal.value.cause
        assert isinstance(cause, ApplicationError) and SPOKEN not in cause.message
        history = await run.handle.fetch_history()
    assert SPOKEN not in history.to_json()


REASONS = [(kind, name) for kind, name, field in FREE if field == "reason"]


@pytest.mark.parametrize(("kind", "name"), REASONS)
async def test_a_refused_reason_is_answered_with_the_list(
    kind: str, name: str, skipping: WorkflowEnvironment
) -> None:
    fields = UPDATES_BY_WORKFLOW[kind][name].model_fields
    needed = {each: NEEDED[each] for each in NEEDED if each in fields}
    async with a_live(WORKFLOWS[kind], skipping) as run:
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await run.handle.execute_update(name, {**needed, "reason": SPOKEN})
    message = getattr(refusal.value.cause, "message", "")
    assert message.startswith(f"{name}: reason: not allowed; allowed: asked")
    listed = message.partition("; allowed: ")[2].replace(" or ", ", ")
    assert set(listed.split(", ")) <= set(DECISION_REASONS)


async def test_no_module_that_nobody_knows_is_signalled_once_a_programme_runs(
    at_home: House,
) -> None:
    at_home.store.programmes.known_modules = frozenset()
    await send(at_home, event("module_completed", {"module": SPOKEN}))
    at_home.store.programmes.known_modules = frozenset({"ecoute"})
    at_home.store.pairs.live[MENTOR] = [(PAIR, Side.MENTOR)]
    await at_home.gateway.dispatcher.once(RECEIVED + timedelta(minutes=1))
    (kept,) = at_home.store.inbox.events.values()
    assert (kept.reason, at_home.workflows.signals) == ("no_such_module", [])


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/demo/pause",
        "/programmes/demo/regions/ouest/pause",
        "/programmes/demo/regions/ouest/extend",
        "/programmes/demo/regions/ouest/hold",
        "/programmes/demo/regions/ouest/conclude",
        f"/cohorts/{COMEX.workflow_id}/pause",
        f"/pairs/{proposed().state.pair.workflow_id}/pause",
    ],
)
async def test_no_form_of_the_console_sends_a_reason_of_ones_own(
    at_home: House, path: str
) -> None:
    running(at_home)
    at_home.put(proposed())
    answer = await at_home.browser.post(path, data={"reason": SPOKEN})
    assert (answer.status_code, at_home.workflows.updates) == (422, [])
    assert SPOKEN not in answer.text
