"""A manager changes in the middle of a programme: on the full server and PostgreSQL, from the file to the new match."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.executions.activities import ExecutionActivities
from activities.executions.executions import TemporalExecutions
from activities.matching.activities import MatchingActivities
from activities.persistence.activities import PersistenceActivities
from activities.persistence.store import Store
from activities.scheduling.activities import SchedulingActivities
from schemas.cohort import CohortState
from schemas.ids import MATCHING_QUEUE, TASK_QUEUE, CohortRef
from schemas.records.listings import PairDetail
from schemas.stages import SessionStatus, Stage
from tests.integration.reconciling.working_house import EXAMPLES
from tests.replay.sandbox import workflow_runner
from tests.support.cohort_course import running
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import until
from tests.support.world import file, line
from workers.build import WORKFLOWS, activity_methods

WEEK = "; ".join(f"{day} 08:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri"))
FREE = {"languages": "fr", "windows": WEEK}
MENTORS = [f"MENTOR{n}" for n in range(8)]
LATE = "LATE"
"""A mentor who is ready later than the others."""
PEOPLE = file(
    line("COACH", roles="supervisor"),
    line("OPS", roles="ops"),
    *(line(f"MENTEE{n}", roles="mentee", **FREE) for n in range(9)),
    *(
        line(name, "idf", roles="mentor", supervisor="COACH", **FREE)
        for name in (*MENTORS, LATE)
    ),
)
DOCUMENT: dict[str, Any] = {
    "starts_on": "2027-01-11",
    "rehearsal": {"pace": 20_000},
    "training": {"within": "1 day", "grace": "8 weeks"},
    "matching": {
        "approval": "automatic",
        "agree_within": "4 weeks",
        "search_for": "20 weeks",
    },
    "supervision": {"decide_within": "1 day"},
    "regions": [{"region": "comex", "mentors_from": ["idf"]}],
}


class Cohort:
    """Eight pairs in their sessions; one mentee waits, and one mentor is still in training."""

    def __init__(self, client: Client, store: Store, url: str) -> None:
        self.client, self.store, self.url = client, store, url
        self.ref = CohortRef(programme=f"guard-{uuid4().hex[:8]}", region="comex")
        self.handle = client.get_workflow_handle(self.ref.workflow_id)
        self.names: dict[str, str] = {}

    def workers(self) -> Sequence[Worker]:
        parts = (
            PersistenceActivities(self.store, EXAMPLES, "http://here"),
            ExecutionActivities(self.store, TemporalExecutions(self.client)),
            SchedulingActivities(self.store.agendas),
        )
        light = [method for part in parts for method in activity_methods(part)]
        runner = workflow_runner()
        return (
            Worker(
                self.client,
                task_queue=TASK_QUEUE,
                workflows=WORKFLOWS,
                activities=light,
                workflow_runner=runner,
            ),
            Worker(
                self.client,
                task_queue=MATCHING_QUEUE,
                activities=activity_methods(MatchingActivities(self.store)),
            ),
        )

    async def begin(self) -> None:
        await self.store.imports.apply(PEOPLE)
        self.names = {
            p.person: p.external_id
            for p in await self.store.people.in_region(None, 100)
        }
        programme = f"programme:{self.ref.programme}"
        document = {"programme": self.ref.programme, **DOCUMENT}
        await self.client.start_workflow(
            "ProgrammeWorkflow", document, id=programme, task_queue=TASK_QUEUE
        )
        for name in MENTORS:
            await self.trained(name)
        await self.agreed(len(MENTORS))

    async def pairs(self) -> dict[str, PairDetail]:
        """By the organisation's id of the mentor."""
        listed = [
            await self.store.pairs.find(p.pair.workflow_id)
            for p in await self.store.pairs.in_cohort(self.ref, None, 50)
        ]
        return {self.names[d.pair.mentor]: d for d in listed if d is not None}

    async def trained(self, name: str) -> None:
        async def begun() -> bool:
            return (
                name in (found := await self.pairs()) and found[name].state is not None
            )

        await until(begun)
        pair = self.client.get_workflow_handle(
            (await self.pairs())[name].pair.workflow_id
        )
        await pair.signal("volunteered", {"windows": True, "charter": True})
        await pair.execute_update("sign_off", {"rehearsed": True})

    async def agreed(self, many: int) -> None:
        """Both say yes to whatever match is announced, until so many pairs have a time proposed."""

        async def proposed() -> bool:
            found = [
                d for d in (await self.pairs()).values() if d.state and d.state.match
            ]
            for detail in (d for d in found if d.stage is Stage.MATCHING):
                await self._agree(detail)
            return sum(self._invited(d) for d in found) >= many

        await until(proposed)

    async def _agree(self, detail: PairDetail) -> None:
        assert detail.state is not None and detail.state.match is not None
        pair = self.client.get_workflow_handle(detail.pair.workflow_id)
        for side in ("mentor", "mentee"):
            mentee = detail.state.match.mentee
            await pair.signal(
                "agreed", {"side": side, "mentee": mentee, "charter": True}
            )

    def _invited(self, detail: PairDetail) -> bool:
        session = detail.state.current if detail.state else None
        return session is not None and session.sequence >= 0

    async def mentee_of(self, mentor: str) -> str | None:
        state = (await self.pairs())[mentor].state
        return self.names[state.match.mentee] if state and state.match else None

    async def reports_to_mentee(self, *mentors: str) -> None:
        """The change that the HR system's file brings."""
        mentees = [await self.mentee_of(name) for name in mentors]
        lines = [
            line(
                name,
                "idf",
                roles="mentor",
                supervisor="COACH",
                manager=mentee or "",
                **FREE,
            )
            for name, mentee in zip(mentors, mentees, strict=True)
        ]
        assert not (await self.store.imports.apply(file(*lines))).problems
        await self.handle.signal("people_changed", {})

    async def ledger_of(self, mentor: str) -> list[str]:
        """The ledger of a pair."""
        return [
            each.what
            for each in await self.store.pairs.ledger(
                (await self.pairs())[mentor].pair.workflow_id
            )
        ]

    async def until_on_ledger(self, mentor: str, what: str) -> None:
        async def so() -> bool:
            return what in await self.ledger_of(mentor)

        await until(so)

    async def notices(self, scope: str) -> list[tuple[str, str, str]]:
        """(template, recipient, everything in it) of what was queued."""
        async with database(self.url) as found:
            bodies = [
                json.loads(row["body"])
                for row in await found.rows(
                    f"select body from outbox where scope = '{scope}'"
                )
            ]
        return [(body["template"], body["to"], json.dumps(body)) for body in bodies]

    async def state(self) -> CohortState:
        state: CohortState = await self.handle.query("state", result_type=CohortState)
        return state


@pytest.fixture
async def cohort(
    database_url: str, temporal_server: WorkflowEnvironment
) -> AsyncIterator[Cohort]:
    store = await Store.open(database_url)
    made = Cohort(temporal_server.client, store, database_url)
    async with running(made):
        yield made
    await store.close()


def _tells_that_it_is_over_and_not_why(sent: list[tuple[str, str, str]]) -> None:
    """Both hear that it is over and planned again, and nobody hears of whom they report to."""
    by_template = {(template, to) for template, to, _ in sent}
    assert by_template >= {
        (t, to)
        for t in ("planned_again", "partner_changed")
        for to in ("mentor", "mentee")
    }
    assert by_template >= {
        ("keep_or_part", "supervisor"),
        ("session_cancelled", "mentee"),
        ("session_cancelled", "mentor"),
    }
    assert all(
        '"invite"' in body
        for template, _, body in sent
        if template == "session_cancelled"
    )
    mails = " ".join(body for _, _, body in sent)
    assert not [
        word
        for word in ("reorg", "too_close", "manager", "level", "frozen")
        if word in mails
    ]


async def test_a_mentor_who_now_reports_to_the_mentee_is_frozen_then_parted_and_both_are_matched_again(
    cohort: Cohort,
) -> None:
    before = {name: await cohort.mentee_of(name) for name in MENTORS}
    await cohort.reports_to_mentee("MENTOR0")
    await cohort.until_on_ledger("MENTOR0", "frozen")
    detail = (await cohort.pairs())["MENTOR0"]
    assert (
        detail.state is not None
        and detail.state.sessions[-1].status is SessionStatus.WITHDRAWN
    )

    await cohort.until_on_ledger("MENTOR0", "parted")
    _tells_that_it_is_over_and_not_why(await cohort.notices(detail.pair.workflow_id))

    await cohort.agreed(len(MENTORS))  # the mentor with the mentee who had waited
    await cohort.trained(LATE)
    await cohort.agreed(
        len(MENTORS) + 1
    )  # and the mentee with the mentor who came late
    after = {name: await cohort.mentee_of(name) for name in (*MENTORS, LATE)}
    assert after["MENTOR0"] not in (None, before["MENTOR0"])
    assert after[LATE] == before["MENTOR0"]
    for name in MENTORS[1:]:
        assert after[name] == before[name]
        assert not {"frozen", "parted", "withdrawn"} & set(await cohort.ledger_of(name))


async def test_a_file_that_would_freeze_half_the_cohort_is_held_and_then_released(
    cohort: Cohort,
) -> None:
    with pytest.raises(WorkflowUpdateFailedError):
        await cohort.handle.execute_update("accept_people_change", {"reason": "asked"})
    half = MENTORS[:4]
    await cohort.reports_to_mentee(*half)

    async def held() -> bool:
        return (await cohort.state()).guard_asked == 1 and (
            await cohort.state()
        ).counts.guard_held == 4

    await until(held)
    status = await cohort.store.status.find(cohort.ref.programme)
    assert status is not None and status.waiting_for["guard_held"] == 4
    assert [(t, to) for t, to, _ in await cohort.notices(cohort.ref.workflow_id)] == [
        ("guard_held", "ops")
    ]
    assert not [name for name in MENTORS if "frozen" in await cohort.ledger_of(name)]

    await cohort.handle.execute_update(
        "accept_people_change", {"reason": "reorganised"}
    )
    await asyncio.gather(*(cohort.until_on_ledger(name, "frozen") for name in half))
    assert not [
        name for name in MENTORS[4:] if "frozen" in await cohort.ledger_of(name)
    ]
    assert (await cohort.state()).counts.guard_held == 0
