"""Decisions of whoever is signed in: noted with the account before they are carried out, and sent with it."""

from typing import Any

from gateway.access.current import SignedInUser
from gateway.console.render import decide
from gateway.context import Gateway
from schemas.ids import is_code


async def ask_workflow(
    gateway: Gateway,
    user: SignedInUser,
    workflow_id: str,
    update: str,
    payload: dict[str, Any],
    update_id: str | None = None,
) -> str | None:
    """Ask a workflow for a decision; returns why it was refused, or None.

    The history names the account by its opaque id.
    """
    trail = gateway.store.access_trail
    number = await trail.decides(user.actor, workflow_id, update)
    asked = {**payload, "by": user.actor}
    refused = await decide(
        gateway.workflows.update(workflow_id, update, asked, update_id)
    )
    accepted, reason = refused is None, payload.get("reason")
    known = reason if accepted and is_code(reason) else None
    result = "accepted" if accepted else "refused"
    gateway.metrics.decisions.labels(update, result).inc()
    await trail.settle(number, accepted=accepted, reason=known)
    return refused


async def note_decision(
    gateway: Gateway, user: SignedInUser, about: str, what: str
) -> None:
    """Note a decision that the gateway carries out itself; `about` is an id, `what` a code."""
    await gateway.store.access_trail.decides(user.actor, about, what)
    gateway.metrics.decisions.labels(what, "carried_out").inc()
