"""Programme documents that are wrong, sent as the Web UI sends them: refused with words that help, never stuck."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.persistence.migrate import migrate
from binome.stack.postgres import Cluster
from schemas.ids import (
    RECONCILE_SCHEDULE,
    RETENTION_SCHEDULE,
    TASK_QUEUE,
    delivery_workflow_id,
    programme_workflow_id,
)
from schemas.programme import StartResult
from tests.support.rehearsal.organisation import people, people_file
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import LONGEST_WAIT_SECONDS
from workers.build import running_workers
from workers.settings import load_settings

PUBLIC_URL = "http://binome.example"
NEXT = "Nothing was sent. Choose *Start Workflow Like This One*, correct, start."
REGION = {"region": "comex", "mentors_from": ["idf"]}
RIGHT: dict[str, Any] = {
    "programme": "right",
    "starts_on": "2090-01-09",
    "regions": [REGION],
}


@pytest.fixture(scope="module")
async def client(
    postgres: Cluster, temporal_server: WorkflowEnvironment
) -> AsyncIterator[Client]:
    """Real workers over a database with the small organisation in it; what they began is ended."""
    postgres.create_database("documents")
    await migrate(postgres.url("documents"))
    settings = load_settings(
        database_url=postgres.url("documents"), secret="s" * 32, public_url=PUBLIC_URL
    )
    client = temporal_server.client
    async with running_workers(settings, client) as store:
        assert not (
            await store.imports.apply(people_file([*people(), early_bird()]))
        ).problems
        yield client
        for workflow_id in (
            delivery_workflow_id("mail"),
            programme_workflow_id("right"),
        ):
            with suppress(
                RPCError
            ):  # never begun, when few of the tests were asked for
                await client.get_workflow_handle(workflow_id).terminate()
    for schedule in (RECONCILE_SCHEDULE, RETENTION_SCHEDULE):
        await client.get_schedule_handle(schedule).delete()


def early_bird() -> dict[str, str]:
    """A mentee of a region of their own, free for 90 minutes a week."""
    return people()[0] | {
        "external_id": "XQ-7201",
        "name": "Eglantinez Dawnwalker",
        "email": "e.dawnwalker@plumbago.example",
        "region": "nord",
        "manager": "",
        "delegate": "",
        "windows": "mon 09:00-10:30",
    }


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    """A payload that no SDK would make."""
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


async def refused(client: Client, *args: Any) -> str:
    """The words of a refusal; fails when the start is answered otherwise, or not at all."""
    with pytest.raises(WorkflowFailureError) as failure:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            await client.execute_workflow(
                "ProgrammeWorkflow",
                args=args,
                id=f"typed-{uuid4().hex}",
                task_queue=TASK_QUEUE,
            )
    cause = failure.value.cause
    assert isinstance(cause, ApplicationError)
    assert (cause.type, cause.non_retryable, cause.cause) == (
        "InvalidInput",
        True,
        None,
    )
    assert cause.message.endswith(NEXT)
    return cause.message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"sessions": {"lenght": "1 hour"}},
            "sessions.lenght: unknown; did you mean length?",
        ),
        ({"sesions": {}}, "sesions: unknown; did you mean sessions?"),
        (
            {"sessions": {"length": "4 hours"}},
            "sessions.length: out of range; allowed: from 30 minutes to 2 hours",
        ),
        ({"sessions": {"every": "monthly"}}, "sessions.every: "),
        (
            {"sessions": {"count": 0}},
            "sessions.count: out of range; allowed: from 1 to 24",
        ),
        (
            {"matching": {"approval": "maybe"}},
            "matching.approval: not allowed; allowed: reviewed or automatic",
        ),
        ({"starts_on": "soon"}, "starts_on: not a date; write it like 2027-01-11"),
        ({"template": "coffee"}, "template: unknown; known: axa, cofely, demo, orange"),
        ({"regions": []}, "regions: too few; allowed: at least 1"),
        ({"regions": [REGION, REGION]}, "regions: the same region stands twice"),
        (
            {"regions": [REGION | {"after": "ouest"}]},
            "regions[0].after: names no region before it",
        ),
        (
            {"regions": [REGION | {"closed": ["August"]}]},
            "regions[0].closed[0]: not a period; write it like 2027-08-02/",
        ),
        (
            {"regions": [REGION | {"zone": "Paris"}]},
            "regions[0].zone: unknown time zone",
        ),
        (
            {"regions": [REGION | {"country": "XX"}]},
            "regions[0].country: no public holidays are known for it",
        ),
        (
            {"regions": [REGION, {"region": "oest"}]},
            "regions[1].region: nobody imported for it; known: comex, est, idf, nord, ouest; "
            f"import people at {PUBLIC_URL}/people",
        ),
        (
            {"regions": [{"region": "idf"}]},
            "regions[0].region: no mentee imported for it; import people at ",
        ),
        (
            {"regions": [REGION | {"mentors_from": ["est"]}]},
            "regions[0].mentors_from: no mentor imported in any of them",
        ),
        (
            {
                "regions": [{"region": "nord", "mentors_from": ["idf"]}],
                "sessions": {"length": "2 hours"},
            },
            f"sessions.length: fits no common window of 1 mentee; try 90 minutes, or see {PUBLIC_URL}/people",
        ),
        (
            {
                "regions": [
                    {
                        "region": "nord",
                        "mentors_from": ["idf"],
                        "sessions": {"length": "2 hours"},
                    }
                ]
            },
            "regions[0].sessions.length: fits no common window of 1 mentee; try 90 minutes",
        ),
    ],
)
async def test_a_wrong_document_is_refused_in_words(
    client: Client, changes: dict[str, Any], words: str
) -> None:
    assert words in await refused(client, RIGHT | {"programme": "wrong"} | changes)


async def test_all_problems_are_reported_at_once(client: Client) -> None:
    refusal_text = await refused(
        client,
        {
            "programme": "Wrong!",
            "sessions": {"lenght": 1, "count": 99},
            "regions": "comex",
        },
    )
    for path in (
        "programme: ",
        "starts_on: ",
        "sessions.lenght: ",
        "sessions.count: ",
        "regions: ",
    ):
        assert path in refusal_text


async def test_what_looks_personal_is_refused_and_not_repeated(client: Client) -> None:
    refusal_text = await refused(
        client, RIGHT | {"programme": "wrong", "sender": "zaphod@plumbago.example"}
    )
    assert "sender: " in refusal_text
    assert "zaphod" not in refusal_text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "the document is not a JSON object"),
        ((None,), "the document is not a JSON object"),
        (([RIGHT],), "the document is not a JSON object"),
        (("right",), "the document is not a JSON object"),
        ((RIGHT, RIGHT), "2 payloads arrived; send one JSON object"),
        (({},), "programme: missing; it is needed"),
        ((raw(b'{"programme": '),), "not readable as JSON"),
        ((raw(b"\xff\xfe{"),), "not readable as JSON"),
        ((raw(b"{}", b"of/nobody"),), "not readable as JSON"),
        (
            (raw(b'{"programme": {"deep": [[[[[]]]]]}, "\\ud83d": 1}'),),
            "not readable as JSON",
        ),
    ],
    ids=[
        "nothing",
        "null",
        "list",
        "text",
        "two",
        "no-field",
        "cut-off",
        "not-utf-8",
        "unknown-encoding",
        "odd",
    ],
)
async def test_what_is_no_document_fails_cleanly(
    client: Client, args: tuple[Any, ...], words: str
) -> None:
    assert words in await refused(client, *args)


async def test_a_refused_start_leaves_nothing(
    client: Client, postgres: Cluster
) -> None:
    await refused(client, RIGHT | {"programme": "left", "sessions": {"lenght": 1}})
    async with database(postgres.url("documents")) as found:
        assert (
            await found.value(
                "select count(*) from programmes where programme = 'left'"
            )
            == 0
        )
        assert await found.value("select count(*) from outbox") == 0


async def test_a_second_start_is_refused_with_its_link(client: Client) -> None:
    first = await client.execute_workflow(
        "ProgrammeWorkflow",
        RIGHT,
        id="as-somebody-typed",
        task_queue=TASK_QUEUE,
        result_type=StartResult,
    )
    assert (first.workflow_id, first.link) == (
        "programme:right",
        f"{PUBLIC_URL}/programmes/right",
    )
    refusal_text = await refused(client, RIGHT)
    assert refusal_text.startswith(
        f"programme: already running, {PUBLIC_URL}/programmes/right; choose another code"
    )
