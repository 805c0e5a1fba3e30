"""Pauses on the console: what is paused, since when and why, and what its buttons ask of a workflow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form, Request

from gateway.access.current import SignedInUser
from gateway.console.deciding import ask_workflow
from gateway.context import Gateway
from schemas.records.reasons import PauseReason

Reason = Annotated[PauseReason, Form()]


@dataclass(frozen=True)
class PauseInForce:
    """A pause in force. `since` is programme time where the page is about a programme."""

    what: str
    reason: str
    since: datetime


async def in_force(
    gateway: Gateway, scopes: Mapping[str, str], programme: str | None = None
) -> dict[str, PauseInForce]:
    """Returns the pauses in force; `scopes` holds the name of each scope on the page."""
    clock = await gateway.store.programmes.clock(programme) if programme else None
    found = {
        pause.scope: pause
        for pause in await gateway.store.pauses.in_force_among(list(scopes))
    }
    return {
        scope: PauseInForce(
            what, pause.reason, clock.programme(pause.since) if clock else pause.since
        )
        for scope, what in scopes.items()
        if (pause := found.get(scope))
    }


async def ask(
    request: Request,
    gateway: Gateway,
    user: SignedInUser,
    workflow_id: str,
    reason: PauseReason,
    region: str = "",
) -> tuple[str, str]:
    """Ask for what the path ends with, pause or resume; returns it, and why it was refused."""
    change = request.url.path.rpartition("/")[2]
    payload = {"region": region} if region else {}
    if change == "pause":
        payload["reason"] = reason.value
    refused = await ask_workflow(gateway, user, workflow_id, change, payload)
    return change, refused or ""
