"""A service that misuses what it was given, against the gateway over real PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from activities.persistence.store import Store
from domain.sources.granting import Preset, scope_of
from domain.sources.webhook_signatures import signature
from gateway.app import build_app
from gateway.options import GatewayOptions
from schemas.people import Person
from schemas.records.sources import SourceScope
from tests.support.world import World
from tests.unit.gateway.fakes.workflows import FakeWorkflows

KEY = b"k" * 32


@dataclass
class Sender:
    """Somebody with one token."""

    http: httpx.AsyncClient
    world: World
    token: str

    async def send(
        self, kind: str, subject: str, data: Any = None, **more: Any
    ) -> httpx.Response:
        """Send one event; `query` and other attributes of the envelope are in `more`."""
        query = more.pop("query", {})
        event = {
            "specversion": "1.0",
            "id": uuid4().hex,
            "source": "/attack",
            "type": f"binome.{kind}.v1",
            "subject": subject,
            "data": data or {},
            **more,
        }
        return await self.post(event, **query)

    async def post(self, event: Any, **query: str) -> httpx.Response:
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/cloudevents+json",
        }
        return await self.http.post(
            "/events", json=event, headers=headers, params=query
        )

    async def post_signed(
        self, body: bytes, secret: bytes, at: datetime | None = None, **headers: str
    ) -> httpx.Response:
        """Send what a service signs as Standard Webhooks say."""
        timestamp = str(int((at or datetime.now(UTC)).timestamp()))
        given = {
            "content-type": "application/cloudevents+json",
            "webhook-id": "msg_1",
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(secret, "msg_1", timestamp, body),
            **headers,
        }
        return await self.http.post(
            "/events", content=body, headers=given, params={"source": "attacker"}
        )

    async def boss(self) -> Person:
        found = await self.world.store.people.find(self.world.ids["BOSS"])
        assert found is not None
        return found


async def sending(
    world: World, scope: SourceScope, http: httpx.AsyncClient, name: str = "attacker"
) -> Sender:
    token = await world.store.sources.add(name, scope)
    assert token is not None
    return Sender(http, world, token)


@asynccontextmanager
async def gateway_of(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    options = GatewayOptions(
        public_url="http://localhost",
        ui_url="http://localhost:8233",
        link_keys=(KEY,),
        pulse_key=KEY,
        source_keys=(KEY,),
        dispatch=False,
    )
    app = build_app(store, FakeWorkflows(), options)  # type: ignore[arg-type]  # FakeWorkflows
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 50000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost"
    ) as http:
        yield http


LEARNING_PLATFORM = scope_of([Preset.LEARNING_PLATFORM])
DIRECTORY = scope_of([Preset.DIRECTORY])
SURVEY = scope_of([Preset.SURVEY])
