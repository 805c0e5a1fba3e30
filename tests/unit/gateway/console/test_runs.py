"""The console's page of runs that are not as the record has them."""

import pytest

from gateway.temporal import TemporalUnavailable, WorkflowNotFound
from schemas.records.drift import Drift, DriftKind, RepairAction
from tests.unit.gateway.factories import PAIR_ID, House
from tests.unit.gateway.fakes.messages import RECEIVED


def stuck() -> Drift:
    return Drift(
        id=1,
        workflow_id=PAIR_ID,
        kind=DriftKind.STUCK,
        why="workflow_task",
        run_id="r",
        found_at=RECEIVED,
    )


async def test_what_is_open_says_since_when_and_what_to_do(at_home: House) -> None:
    at_home.store.drift.drifts = [stuck()]
    page = (await at_home.browser.get("/runs")).text
    assert "11 Jan 2027, 09:00" in page
    assert "its workflow task keeps failing" in page
    assert "Do not terminate it." in page


async def test_a_repaired_run_shows_how_and_links_to_its_workflow(
    at_home: House,
) -> None:
    repaired = {
        "kind": DriftKind.ENDED,
        "why": "terminated",
        "repair": RepairAction.RESTARTED,
        "resolved_at": RECEIVED,
    }
    at_home.store.drift.drifts = [stuck().model_copy(update=repaired)]
    page = (await at_home.browser.get("/runs")).text
    assert "its run was terminated" in page and "started again from the record" in page
    assert f"/namespaces/default/workflows/{PAIR_ID.replace(':', '%3A')}" in page


async def test_the_button_runs_the_reconciler(at_home: House) -> None:
    answer = await at_home.browser.post("/runs/look")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/runs?done=looking",
    )
    assert at_home.workflows.triggered == ["reconcile"]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (WorkflowNotFound(), "no schedule yet"),
        (TemporalUnavailable(), "does not answer"),
    ],
)
async def test_a_button_that_cannot_do_it_says_why(
    at_home: House, failure: Exception, words: str
) -> None:
    at_home.workflows.failing = failure
    answer = await at_home.browser.post("/runs/look")
    assert answer.status_code == 409
    assert words in answer.text


async def test_open_drift_is_a_metric(at_home: House) -> None:
    at_home.store.drift.drifts = [stuck()]
    assert (
        'binome_drift{kind="stuck"} 1' in (await at_home.browser.get("/metrics")).text
    )
