"""The parts of the gateway that every route may use."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment

from activities.persistence.installation import Presence
from activities.persistence.store import Store
from gateway.dispatcher import Dispatcher
from gateway.edge.rates import RateLimits
from gateway.links import Links
from gateway.observing.metrics import GatewayMetrics
from gateway.observing.traces import GatewayTraces
from gateway.options import GatewayOptions
from gateway.queues import QueueWatch
from gateway.temporal import WorkflowClient


@dataclass(frozen=True)
class Gateway:
    """The parts of one gateway; made by `build_app`."""

    store: Store
    workflows: WorkflowClient
    options: GatewayOptions
    links: Links
    rates: RateLimits
    templates: Environment
    dispatcher: Dispatcher
    presence: Presence
    queues: QueueWatch
    metrics: GatewayMetrics
    traces: GatewayTraces

    def now(self) -> datetime:
        """Returns the current wall time, UTC."""
        return datetime.now(UTC)

    async def programme_now(self, programme: str) -> datetime:
        """Returns the current time of a programme; wall time if the programme is
        unknown.
        """
        clock = await self.store.programmes.clock(programme)
        return clock.programme(self.now()) if clock else self.now()


def _here(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    return gateway


CurrentGateway = Annotated[Gateway, Depends(_here)]
