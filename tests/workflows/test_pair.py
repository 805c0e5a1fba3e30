"""A pair from its start to its end, in skipped time."""

import asyncio

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from schemas.ids import TASK_QUEUE, PairRef
from schemas.notices import Notice, Template
from schemas.pair import PairStart
from schemas.policy import Policy
from schemas.time.clock import Clock
from tests.support.played import Play, PlayedActivities, willing
from tests.workflows.conftest import PairWorkers

PAIR = PairRef(programme="demo", region="comex", mentor="p" + "a" * 13)


async def start(
    environment: WorkflowEnvironment, policy: Policy | None = None
) -> PairStart:
    now = await environment.get_current_time()
    return PairStart(
        pair=PAIR,
        clock=Clock(programme_epoch=now, wall_epoch=now),
        policy=policy or Policy(),
        calendar={},
        starts_at=now,
        windows_known=True,
    )


async def live(
    environment: WorkflowEnvironment, worker: PairWorkers, play: Play = willing
) -> tuple[str, PlayedActivities]:
    """Play a whole pair; its outcome and what was recorded."""
    client: Client = environment.client
    played = PlayedActivities(environment, play)
    async with worker(client, played):
        outcome = await client.execute_workflow(
            "PairWorkflow",
            await start(environment),
            id=PAIR.workflow_id,
            task_queue=TASK_QUEUE,
            result_type=str,
        )
    return outcome, played


async def test_a_willing_pair_holds_six_sessions_and_completes(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    outcome, played = await live(skipping, pair_worker)
    assert outcome == "completed"
    assert played.sent().count(("ask_held", "mentor")) == 6
    assert played.sent()[-1] == ("word_to_manager", "manager")


async def test_a_closed_pair_shows_in_the_web_ui_that_it_is_closed(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    played = PlayedActivities(skipping, lambda notice: ("declined", {}))
    async with pair_worker(skipping.client, played):
        start_of = await start(skipping)
        handle = await skipping.client.start_workflow(
            "PairWorkflow",
            start_of,
            id=PAIR.workflow_id,
            task_queue=TASK_QUEUE,
            result_type=str,
        )
        assert await handle.result() == "left"
        metadata = await handle.query("__temporal_workflow_metadata")
    assert "## Pair in *closed*" in metadata.current_details


async def test_a_mentor_who_never_answers_is_reminded_and_deferred(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    outcome, played = await live(skipping, pair_worker, lambda notice: None)
    assert outcome == "deferred"
    assert [t for t, _ in played.sent()] == [
        "mentor_invitation",
        "training_reminder",
        "training_late",
        "deferred",
    ]


async def test_a_silent_mentee_is_reminded_then_the_mentor_is_asked(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    def silent_once(notice: Notice) -> tuple[str, dict[str, object]] | None:
        if notice.template is Template.SESSION_PROPOSED and notice.session == 1:
            return None
        if notice.template is Template.MENTEE_SILENT:
            assert notice.invite is not None
            return "answered", {
                "session": 1,
                "sequence": notice.invite.sequence,
                "answer": "yes",
                "side": "mentor",
            }
        return willing(notice)

    outcome, played = await live(skipping, pair_worker, silent_once)
    assert outcome == "completed"
    assert ("answer_reminder", "delegate") in played.sent()
    assert ("mentee_silent", "mentor") in played.sent()


async def test_a_cancelled_pair_ends_with_its_invites_withdrawn(
    skipping: WorkflowEnvironment, pair_worker: PairWorkers
) -> None:
    proposed = asyncio.Event()

    def no_answer(notice: Notice) -> tuple[str, dict[str, object]] | None:
        if notice.template is not Template.SESSION_PROPOSED:
            return willing(notice)
        proposed.set()
        return None

    played = PlayedActivities(skipping, no_answer)
    with skipping.auto_time_skipping_disabled():
        async with pair_worker(skipping.client, played):
            handle = await skipping.client.start_workflow(
                "PairWorkflow",
                await start(skipping),
                id=PAIR.workflow_id,
                task_queue=TASK_QUEUE,
                result_type=str,
            )
            await proposed.wait()
            await handle.cancel()
            outcome = await handle.result()
    assert outcome == "ended_early"
    assert ("session_cancelled", "mentee") in played.sent()
    assert ("pair_ended", "mentor") in played.sent()
