"""The gateway over real PostgreSQL and a real Temporal server; pairs are played by a workflow that only listens."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.trace import Tracer
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.importing.activities import ImportActivities
from activities.persistence.store import Store
from domain.sources.granting import EVERYTHING
from gateway.app import build_app
from gateway.context import Gateway
from gateway.options import GatewayOptions
from gateway.temporal import WorkflowClient
from schemas.ids import TASK_QUEUE
from tests.support.accounts import COOKIE, signed_in
from tests.support.world import World
from workers.build import activity_methods
from workers.runner import workflow_runner
from workflows.people_import import PeopleImportWorkflow

QUEUE = f"gateway-{uuid4().hex}"


@workflow.defn
class Listening:
    """Keeps its messages, in order, until it is stopped; refuses a sign-off unrehearsed."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Any]] = []
        self.stopped = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.stopped)

    @workflow.signal(dynamic=True)
    async def receive(self, name: str, args: Sequence[RawValue]) -> None:
        self.messages.append(
            (name, workflow.payload_converter().from_payload(args[0].payload))
        )

    @workflow.signal
    def stop(self) -> None:
        self.stopped = True

    @workflow.update
    def sign_off(self, decision: dict[str, Any]) -> None:
        self.messages.append(("sign_off", decision))

    @sign_off.validator
    def _refuse(self, decision: dict[str, Any]) -> None:
        if not decision.get("rehearsed"):
            raise ApplicationError("sign_off.rehearsed: the rehearsal is not confirmed")

    @workflow.update
    async def until(self, count: int) -> list[tuple[str, Any]]:
        """Returns the messages when so many have arrived."""
        await workflow.wait_condition(lambda: len(self.messages) >= count)
        return self.messages

    @workflow.update
    def approve_matches(self, decision: dict[str, Any]) -> None:
        self.messages.append(("approve_matches", decision))

    @workflow.update
    def pause(self, decision: dict[str, Any]) -> None:
        self.messages.append(("pause", decision))

    @workflow.update
    def resume(self, decision: dict[str, Any]) -> None:
        self.messages.append(("resume", decision))

    @resume.validator
    def _not_paused(self, decision: dict[str, Any]) -> None:
        if not any(name == "pause" for name, _ in self.messages):
            raise ApplicationError("resume: not paused; allowed: pause")

    @workflow.query
    def received(self) -> list[tuple[str, Any]]:
        return self.messages


@dataclass
class Site:
    """One gateway with all that is around it."""

    world: World
    client: Client
    app: FastAPI
    browser: httpx.AsyncClient
    token: str

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.app.state.gateway
        return gateway

    async def actor(self) -> str:
        """The account that the browser is signed in with."""
        account = await self.world.store.accounts.by_login("olga")
        assert account is not None
        return account.actor

    async def send(self, kind: str, subject: str, **data: Any) -> httpx.Response:
        event = {
            "specversion": "1.0",
            "id": uuid4().hex,
            "source": "/lms",
            "type": f"binome.{kind}.v1",
            "subject": subject,
            "data": data,
        }
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/cloudevents+json",
        }
        return await self.browser.post("/events", json=event, headers=headers)

    async def fate(self, sent: httpx.Response) -> dict[str, Any]:
        answer = await self.browser.get(
            sent.json()["link"], headers={"authorization": f"Bearer {self.token}"}
        )
        return dict(answer.json())


@pytest.fixture
async def listeners(temporal_server: WorkflowEnvironment) -> AsyncIterator[None]:
    async with Worker(
        temporal_server.client,
        task_queue=QUEUE,
        workflows=[Listening],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        yield


@asynccontextmanager
async def open_site(
    store: Store, client: Client, public_url: str, tracer: Tracer | None = None
) -> AsyncIterator[Site]:
    """People imported, a programme claimed, a gateway over both; its dispatcher runs where the app is served."""
    world = await World.make(store)
    options = GatewayOptions(
        public_url=public_url,
        ui_url="http://localhost:8233",
        link_keys=(b"k" * 32,),
        pulse_key=b"p" * 32,
    )
    app = build_app(store, WorkflowClient(client), options, tracer)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=public_url) as browser:
        browser.cookies.set(COOKIE, await signed_in(store))
        token = await store.sources.add("lms", EVERYTHING)
        assert token is not None
        yield Site(world, client, app, browser, token)


@pytest.fixture
async def site(
    store: Store, temporal_server: WorkflowEnvironment, listeners: None
) -> AsyncIterator[Site]:
    async with open_site(store, temporal_server.client, "http://localhost") as opened:
        yield opened


def import_worker_of(store: Store, client: Client) -> Worker:
    """A worker that imports people files, and does nothing else."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[PeopleImportWorkflow],
        activities=activity_methods(ImportActivities(store.people_files)),
        workflow_runner=workflow_runner(),
    )


@pytest.fixture
async def import_worker(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    monkeypatch.setattr("activities.importing.activities.LOOK_EVERY_SECONDS", 0.01)
    async with import_worker_of(site.world.store, site.client):
        yield


Listen = Callable[[str], Awaitable[WorkflowHandle[Any, Any]]]


@pytest.fixture
async def listen(site: Site) -> AsyncIterator[Listen]:
    """Start a run that listens under a pair's id; ended after the test."""
    started: list[WorkflowHandle[Any, Any]] = []

    async def start(workflow_id: str) -> WorkflowHandle[Any, Any]:
        started.append(
            await site.client.start_workflow(
                Listening.run, id=workflow_id, task_queue=QUEUE
            )
        )
        return started[-1]

    yield start
    for handle in started:
        with suppress(RPCError):  # a test ended it itself
            await handle.signal(Listening.stop)
        await handle.result()
