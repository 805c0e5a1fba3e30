"""A release goes on with every history recorded by it and by those before it: the guard of pairs in flight."""

from pathlib import Path

import pytest

from tests.replay.histories import FOLDER, Recorded, recorded, release
from tests.replay.replaying import failures
from tests.replay.variants import Hasty, Reordered, Severe
from workers.build import WORKFLOWS
from workflows.pair import PairWorkflow

HISTORIES = recorded()
OTHERS = [workflow for workflow in WORKFLOWS if workflow is not PairWorkflow]


@pytest.fixture(scope="module")
async def failed() -> dict[str, str]:
    return await failures(HISTORIES)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_a_run_in_flight_goes_on_with_this_code(
    history: Recorded, failed: dict[str, str]
) -> None:
    if history.name in failed:
        pytest.fail(failed[history.name], pytrace=False)


def test_every_type_of_workflow_has_histories_of_this_release() -> None:
    types = {
        history.workflow
        for history in HISTORIES
        if history.name.startswith(f"{release()}/")
    }
    assert types == {each.__name__ for each in WORKFLOWS}, "run make histories"


async def test_two_steps_in_another_order_are_caught_with_their_event_and_a_way_out() -> (
    None
):
    name = f"{release()}/pair-sessions-proposed"
    found = await failures([Recorded(FOLDER / f"{name}.json")], [*OTHERS, Reordered])
    assert f"{name} leaves what is recorded at event" in found[name]
    assert "ACTIVITY_TASK_SCHEDULED find_slots" in found[name]
    assert all(
        way in found[name]
        for way in ('workflow.patched("YYYY-MM-DD-why")', "`state.rules`", "undo it")
    )


async def test_a_timer_that_is_no_longer_set_is_caught() -> None:
    name = f"{release()}/pair-training-asleep"
    found = await failures([Recorded(FOLDER / f"{name}.json")], [*OTHERS, Hasty])
    assert "TIMER_STARTED" in found[name]


async def test_a_lifecycle_that_decides_otherwise_is_caught_though_its_steps_are_the_same() -> (
    None
):
    name = f"{release()}/pair-training-asleep"
    found = await failures([Recorded(FOLDER / f"{name}.json")], [*OTHERS, Severe])
    assert (
        "ACTIVITY_TASK_SCHEDULED record: another state is written down; it differs in strikes"
        in found[name]
    )


def test_nothing_of_the_recording_machine_is_kept() -> None:
    texts = {history.name: history.path.read_text() for history in HISTORIES}
    assert [
        name
        for name, text in texts.items()
        if "identity" in text or str(Path.cwd()) in text
    ] == []
