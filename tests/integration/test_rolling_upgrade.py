"""A release replaces another one under pairs in flight, as docs/upgrading.md says."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from binome.builds import (
    WHOLE,
    Build,
    BuildNotReady,
    current_build,
    known_builds,
    use_build,
)
from schemas.ids import TASK_QUEUE, PairRef, delivery_workflow_id
from schemas.notices import Template
from schemas.pair import SCHEMA_VERSION, PairStart, PairState
from schemas.policy import Policy
from schemas.stages import SessionStatus
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.integration.upgrading import (
    DEPLOYMENT,
    People,
    Release,
    a_server_that_drains_at_once,
    builds,
    drained,
    held,
    make_current,
)
from tests.replay.histories import FLAGS
from tests.support.waiting import until

OLD, NEW = "0.1.0", "0.2.0"
MAIL = delivery_workflow_id("mail")
USUAL_SECONDS = 2.0
"""Within so many a build is current beside two other test processes."""
INVITED, PROPOSED, ASLEEP, LATER = (
    PairRef(programme="upgrade", region="comex", mentor="p" + letter * 13)
    for letter in "abcd"
)
UNANSWERED = {
    INVITED.workflow_id: Template.MENTOR_INVITATION,
    PROPOSED.workflow_id: Template.SESSION_PROPOSED,
    ASLEEP.workflow_id: Template.MENTOR_INVITATION,
    LATER.workflow_id: Template.MENTOR_INVITATION,
}
POLICY = Policy.model_validate(
    {
        "training": {"within": "15 days", "grace": "1 day"},
        "sessions": {"count": 1, "notice": "14 days", "answer_within": "10 days"},
    }
)


def clock_of_a_machine(seconds: float = 0) -> Clock:
    """Two days a second; fewer where it took `seconds` to make a build current.

    Whoever is invited and whoever was proposed a session must not be too late for what
    a busy machine held up.
    """
    slowness = max(1.0, seconds / USUAL_SECONDS)
    return Clock(
        programme_epoch=datetime(2027, 1, 11, 9, tzinfo=UTC),
        wall_epoch=datetime.now(UTC),
        pace=timedelta(days=2) / timedelta(seconds=1) / slowness,
    )


def version(build: str) -> WorkerDeploymentVersion:
    return WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)


@dataclass(frozen=True)
class Upgrade:
    """What became of the pairs that were in flight."""

    client: Client
    outcomes: dict[PairRef, str]
    tried: dict[str, float]
    """Percent of the workflows that each build got, before the new one was current."""


@pytest.fixture(scope="module")
async def upgrade() -> AsyncIterator[Upgrade]:
    async with (
        a_server_that_drains_at_once() as environment,
        AsyncExitStack() as running,
    ):
        client = environment.client
        people = People(client, clock_of_a_machine(), UNANSWERED)
        old, new = Release(people, OLD), Release(people, NEW)
        begun = monotonic()
        async with old.at_work():
            await make_current(client, OLD)
            people.clock = clock_of_a_machine(monotonic() - begun)
            await client.start_workflow(
                "DeliveryWorkflow", "mail", id=MAIL, task_queue=TASK_QUEUE
            )
            pairs = {
                pair: await started(people, pair)
                for pair in (INVITED, PROPOSED, ASLEEP)
            }
            await until(lambda: proposed(pairs[PROPOSED]))
            await old.delivering.wait()
            with pytest.raises(BuildNotReady):
                await use_build(client, version(NEW), WHOLE, timedelta(seconds=0.2))
            await running.enter_async_context(new.at_work())
            await use_build(client, version(NEW), 5, timedelta(minutes=1))
            tried = {
                each.build_id: each.percent
                for each in await known_builds(client, DEPLOYMENT)
            }
            await use_build(client, version(NEW), WHOLE, timedelta(minutes=1))
        await started(people, LATER)
        await pairs[INVITED].signal("volunteered", {"charter": True})
        await answer(pairs[PROPOSED])
        people.silent = {LATER.workflow_id: Template.MENTOR_INVITATION}
        outcomes = {pair: await handle.result() for pair, handle in pairs.items()}
        await new.delivering.wait()
        yield Upgrade(client, outcomes, tried)


async def test_pairs_that_were_in_flight_reach_their_end(upgrade: Upgrade) -> None:
    assert upgrade.outcomes == {
        INVITED: "completed",
        PROPOSED: "completed",
        ASLEEP: "deferred",
    }


@pytest.mark.parametrize(
    "pair", [INVITED, PROPOSED, ASLEEP], ids=["invited", "proposed", "asleep"]
)
async def test_a_pair_goes_over_to_the_new_release_once(
    upgrade: Upgrade, pair: PairRef
) -> None:
    assert await builds(upgrade.client, pair.workflow_id) == [OLD, NEW]


async def test_a_pair_that_starts_afterwards_starts_with_the_new_release(
    upgrade: Upgrade,
) -> None:
    assert await builds(upgrade.client, LATER.workflow_id) == [NEW]


async def test_the_delivery_of_mails_goes_over_too(upgrade: Upgrade) -> None:
    assert await builds(upgrade.client, MAIL) == [OLD, NEW]


async def test_the_old_release_is_drained(upgrade: Upgrade) -> None:
    await drained(upgrade.client, OLD)
    assert await known_builds(upgrade.client, DEPLOYMENT) == [
        Build(NEW, WHOLE, None),
        Build(OLD, 0, drained=True),
    ]


async def test_a_share_of_the_workflows_goes_to_a_build_that_is_tried(
    upgrade: Upgrade,
) -> None:
    assert upgrade.tried == {OLD: 95, NEW: 5}


async def test_a_deployment_that_nobody_knows_has_no_builds(upgrade: Upgrade) -> None:
    assert await known_builds(upgrade.client, "another") == []
    assert await current_build(upgrade.client, "another") is None


async def test_a_full_server_records_the_same_flags_as_recorded_histories(
    upgrade: Upgrade,
) -> None:
    history = await upgrade.client.get_workflow_handle(
        INVITED.workflow_id
    ).fetch_history()
    done = [event.workflow_task_completed_event_attributes for event in history.events]
    first = next(task for task in done if task.started_event_id)
    assert sorted(first.sdk_metadata.core_used_flags) == FLAGS["coreUsedFlags"]


@pytest.mark.filterwarnings(
    "ignore:coroutine .*run_signal:RuntimeWarning"
)  # the SDK's, of a task that is held
async def test_what_a_newer_release_carried_is_held_by_an_older_one_and_goes_on_afterwards(
    temporal_server: WorkflowEnvironment,
) -> None:
    client, pair = (
        temporal_server.client,
        PairRef(programme="newer", region="comex", mentor="p" + "e" * 13),
    )
    silent = {pair.workflow_id: Template.MENTOR_INVITATION}
    people = People(client, clock_of_a_machine(), silent)
    release = Release(people, NEW)
    with newer():
        async with release.unversioned():
            handle = await started(people, pair)
            await handle.signal("volunteered", {"charter": True})
            await until(lambda: carried_on(handle))
    async with release.unversioned():
        await handle.signal("rehearsed", {})
        assert "deploy it, and the pair goes on" in await held(client, pair.workflow_id)
    with newer():
        async with release.unversioned():
            await handle.execute_update("end", {"reason": "asked"})
            assert await handle.result() == "ended_early"


@contextmanager
def newer() -> Iterator[None]:
    """This code as a release whose carried state older ones do not know, and whose runs are short."""
    with pytest.MonkeyPatch.context() as changed:
        for module in ("domain.pair.advance", "workflows.pairs.pair_continue_as_new"):
            changed.setattr(f"{module}.SCHEMA_VERSION", SCHEMA_VERSION + 1)
        changed.setattr("workflows.options.EVENTS_PER_RUN", 12)
        yield


async def carried_on(pair: WorkflowHandle[Any, str]) -> bool:
    """Whether its second run has come to rest."""
    now = await pair.describe()
    waits = (
        not now.raw_description.HasField("pending_workflow_task")
        and not now.raw_description.pending_activities
    )
    return now.run_id != pair.first_execution_run_id and waits


async def started(people: People, pair: PairRef) -> WorkflowHandle[Any, str]:
    start = PairStart(
        pair=pair,
        clock=people.clock,
        policy=POLICY,
        calendar=WorkCalendar(zone="UTC"),
        starts_at=people.clock.programme(datetime.now(UTC)),
        windows_known=True,
    )
    return await people.client.start_workflow(
        "PairWorkflow",
        start,
        id=pair.workflow_id,
        task_queue=TASK_QUEUE,
        result_type=str,
        task_timeout=timedelta(
            seconds=2
        ),  # how long a task stands still that a worker cannot do
    )


async def proposed(pair: WorkflowHandle[Any, str]) -> bool:
    state = await pair.query("state", result_type=PairState)
    return bool(
        state.current
        and state.current.status is SessionStatus.PROPOSED
        and not state.outbox
    )


async def answer(pair: WorkflowHandle[Any, str]) -> None:
    session = (await pair.query("state", result_type=PairState)).current
    assert session is not None
    await pair.signal(
        "answered",
        {"session": session.number, "sequence": session.sequence, "answer": "yes"},
    )
