"""The courses of programmes, cohorts and delivery whose histories are kept. A story answers (name, workflow id)."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from schemas.cohort import CohortStart
from schemas.ids import (
    TASK_QUEUE,
    CohortRef,
    delivery_workflow_id,
    programme_workflow_id,
)
from schemas.notices import Template
from tests.replay.life import to_monday
from tests.support.cohort_course import LINES_CHANGED
from tests.support.offices import Offices, document

Kept = list[tuple[str, str]]
Rollout = Callable[[Offices], Awaitable[Kept]]
PROGRAMME = programme_workflow_id("replayed")
COMEX = CohortRef(programme="replayed", region="comex").workflow_id
DAY = timedelta(days=1)
TASKS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
)
ACTIVITIES = (
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
)


async def programme_whole(offices: Offices) -> Kept:
    """Two regions, the second one proposed, approved and ticked."""
    await _start(offices, PROGRAMME)
    await ended(offices, PROGRAMME)
    return [("programme-whole", PROGRAMME), ("cohort-whole", COMEX)]


async def programme_elsewhere(offices: Offices) -> Kept:
    """Started under another id, it starts itself under its own. (The server skips no time after that.)"""
    await _start(offices, "from-the-web-ui")
    await offices.client.get_workflow_handle("from-the-web-ui").result()
    await rest(offices, PROGRAMME)
    return [
        ("programme-started-elsewhere", "from-the-web-ui"),
        ("programme-as-child", PROGRAMME),
    ]


async def programme_check_only(offices: Offices) -> Kept:
    await _start(offices, "check", check_only=True)
    await ended(offices, "check")
    return [("programme-check-only", "check")]


async def programme_refused(offices: Offices) -> Kept:
    await _start(offices, PROGRAMME, regions=[])
    await ended(offices, PROGRAMME)
    return [("programme-refused", PROGRAMME)]


async def programme_proposed(offices: Offices) -> Kept:
    """Under its own id; a service sends what nobody knows, 220 times over, and the sponsor holds the region back."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.EXTENSION_PROPOSED)
    handle = offices.client.get_workflow_handle(PROGRAMME)
    await asyncio.gather(*(handle.signal("extnd", {}) for _ in range(220)))
    await rest(offices, PROGRAMME)
    await handle.execute_update("hold", {"region": "idf"}, id="hold")
    await rest(offices, PROGRAMME)
    return [("programme-proposed-and-held", PROGRAMME)]


async def programme_two_waves(offices: Offices) -> Kept:
    """The second wave opens by itself, and a third one is not waited for."""
    await _start(
        offices, PROGRAMME, regions=[{"region": "comex", "opening": "automatic"}], extension={"waves": 3}
    )  # fmt: skip
    await ended(offices, "cohort:replayed:comex:2")
    await rest(offices, PROGRAMME)
    await offices.client.get_workflow_handle(PROGRAMME).execute_update(
        "conclude", {"region": "comex"}, id="conclude"
    )
    await ended(offices, PROGRAMME)
    return [("programme-two-waves", PROGRAMME)]


async def cohort_alone(offices: Offices) -> Kept:
    """A long training, so that it continues as new; a failure; and no programme to signal its end to."""
    offices.training = 20
    now = await offices.environment.get_current_time()
    plan = await offices.plan(document(now))
    start = CohortStart(plan=plan.cohorts[0], clock=plan.clock, opens_at=now)
    await offices.client.start_workflow(
        "CohortWorkflow", start, id=COMEX, task_queue=TASK_QUEUE
    )
    await ended(offices, COMEX)
    return [("cohort-alone", COMEX)]


async def cohort_under_review(offices: Offices) -> Kept:
    """Matches are before ops, who have not decided."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.MATCHES_TO_REVIEW)
    await rest(offices, COMEX)
    return [("cohort-under-review", COMEX)]


async def cohort_paused(offices: Offices) -> Kept:
    """Paused and resumed by its programme, then paused by itself."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.MATCHES_TO_REVIEW)
    programme, cohort = (
        offices.client.get_workflow_handle(name) for name in (PROGRAMME, COMEX)
    )
    await programme.execute_update("pause", {"reason": "holidays"}, id="pause")
    await rest(offices, PROGRAMME)
    await programme.execute_update("resume", {}, id="resume")
    await rest(offices, PROGRAMME)
    await cohort.execute_update("pause", {"reason": "asked"}, id="pause")
    await rest(offices, COMEX)
    return [("programme-paused-and-resumed", PROGRAMME), ("cohort-paused", COMEX)]


async def cohort_guarded(offices: Offices) -> Kept:
    """Two changes of people would freeze all its pairs: ops dismiss the first and accept the second."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.MATCHES_TO_REVIEW)
    cohort = offices.client.get_workflow_handle(COMEX)
    for decision in ("dismiss_people_change", "accept_people_change"):
        offices.courses[COMEX].move(LINES_CHANGED)
        await cohort.signal("people_changed", {})
        await rest(offices, COMEX)
        await cohort.execute_update(decision, {"reason": "asked"}, id=decision)
        await rest(offices, COMEX)
    return [("cohort-guarded", COMEX)]


async def cohort_reviewed(offices: Offices) -> Kept:
    """Two people are pinned, two matches swapped, and the rest matched again."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.MATCHES_TO_REVIEW)
    cohort = offices.client.get_workflow_handle(COMEX)
    two = {"mentor": "p" + "a" * 13, "mentee": "p" + "b" * 13}
    match = f"1:1:{two['mentor']}:{two['mentee']}"
    for name, decision in {
        "pin": {"pin": [two]},
        "swap": {"swap": [{"one": match, "other": match.replace("1:1", "1:2")}]},
        "rerun": {"rerun": True, "by": "console"},
    }.items():
        await cohort.execute_update("approve_matches", decision, id=name)
        await rest(offices, COMEX)
    return [("cohort-reviewed", COMEX)]


async def cancelled(offices: Offices) -> Kept:
    """A programme with an open cohort, whose pairs take a while to end."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.MATCHES_TO_REVIEW)
    await offices.client.get_workflow_handle(PROGRAMME).cancel()
    await ended(offices, PROGRAMME)
    return [("programme-cancelled", PROGRAMME), ("cohort-cancelled", COMEX)]


async def programme_restored(offices: Offices) -> Kept:
    """Its run was terminated; another one goes on from what PostgreSQL holds."""
    await _start(offices, PROGRAMME)
    await _asked(offices, Template.EXTENSION_PROPOSED)
    await rest(offices, PROGRAMME)
    await offices.client.get_workflow_handle(PROGRAMME).terminate()
    lost = {"programme": "replayed", "restored": True}
    await offices.client.start_workflow(
        "ProgrammeWorkflow", lost, id=PROGRAMME, task_queue=TASK_QUEUE
    )
    await rest(offices, PROGRAMME)
    return [("programme-restored", PROGRAMME)]


async def reconciler(offices: Offices) -> Kept:
    await offices.client.start_workflow(
        "ReconcilerWorkflow", id="reconcile", task_queue=TASK_QUEUE
    )
    await ended(offices, "reconcile")
    return [("reconciler", "reconcile")]


async def retention(offices: Offices) -> Kept:
    await offices.client.start_workflow(
        "RetentionWorkflow", id="retention", task_queue=TASK_QUEUE
    )
    await ended(offices, "retention")
    return [("retention", "retention")]


async def delivery(offices: Offices) -> Kept:
    """A run of twenty rounds, and the next one, in which a round failed and another is under way."""
    mail = delivery_workflow_id("mail")
    await offices.client.start_workflow(
        "DeliveryWorkflow", "mail", id=mail, task_queue=TASK_QUEUE
    )
    while (await _kinds(offices, mail))[EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED] == 0:
        await asyncio.sleep(0.01)
    return [("delivery", mail)]


@asynccontextmanager
async def at_work(environment: WorkflowEnvironment) -> AsyncIterator[Offices]:
    """Offices and their workers, from a Monday on."""
    await to_monday(environment)
    offices = Offices(environment)
    async with AsyncExitStack() as stack:
        for worker in offices.workers():
            await stack.enter_async_context(worker)
        yield offices


async def rest(offices: Offices, workflow_id: str, stuck: int = 0) -> None:
    """Wait until neither a task nor an activity of it is open, but for activities that are `stuck`.

    The time-skipping server stops for good when an activity is cancelled that ends in the same moment.
    """
    while True:
        kinds = await _kinds(offices, workflow_id)
        if [kinds[opened] - kinds[done] for opened, done in (TASKS, ACTIVITIES)] == [
            0,
            stuck,
        ]:
            return
        await asyncio.sleep(0.01)


async def _kinds(offices: Offices, workflow_id: str) -> Counter[int]:
    """How many events of each kind its run has, all at one moment."""
    history = await offices.client.get_workflow_handle(workflow_id).fetch_history()
    return Counter(event.event_type for event in history.events)


async def _start(offices: Offices, workflow_id: str, **changes: Any) -> None:
    asked = document(await offices.environment.get_current_time(), **changes)
    await offices.client.start_workflow(
        "ProgrammeWorkflow", asked, id=workflow_id, task_queue=TASK_QUEUE
    )


async def _asked(offices: Offices, about: Template) -> None:
    """Let days go by, and everything be approved, until this is asked; it is left undecided."""
    while about not in [template for template, _ in offices.asked]:
        await offices.decide()
        await offices.environment.sleep(DAY)


async def ended(offices: Offices, workflow_id: str) -> None:
    """Let days go by, and everything be approved, until it has begun and ended."""
    handle = offices.client.get_workflow_handle(workflow_id)
    closed = None
    while closed is None:
        await offices.decide()
        await offices.environment.sleep(DAY)
        with contextlib.suppress(RPCError):
            closed = (await handle.describe()).close_time


ROLLOUTS: dict[str, Rollout] = {
    story.__name__: story
    for story in (
        programme_whole,
        programme_elsewhere,
        programme_check_only,
        programme_refused,
        programme_proposed,
        programme_two_waves,
        cohort_alone,
        cohort_under_review,
        cohort_paused,
        cohort_guarded,
        cohort_reviewed,
        cancelled,
        programme_restored,
        reconciler,
        retention,
        delivery,
    )
}
