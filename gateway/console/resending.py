"""Ops correct a message that a workflow could not take, and send it again."""

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.message_drafts import (
    DraftInvalid,
    MessageDraft,
    check_draft,
    first_draft,
    handlers_help,
    is_update,
)
from gateway.console.render import back, decide, page
from gateway.context import CurrentGateway, Gateway
from gateway.history import SentSignal
from gateway.http.problems import RequestRefused
from gateway.temporal import TemporalUnavailable, WorkflowNotFound
from gateway.texts.names import with_account_names
from schemas.handlers import kind_of
from schemas.programme import Problem
from schemas.records.listings import RefusedListing

router = APIRouter(prefix="/refused/{number}", route_class=ConsoleRoute)
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
OWN_STEP = "failed, and is tried again"
"""The reason begins so for a step of the workflow's own, which it tries again by itself."""


def can_be_resent(message: RefusedListing) -> bool:
    return (
        bool(kind_of(message.workflow_id))
        and message.name != "more"
        and not message.reason.startswith(OWN_STEP)
    )


BEING_SETTLED = "Somebody else is sending this message, or has settled it, in this moment. Look again in a minute."
DISMISSED = "dismissed by "
"""Who settled a message begins so when it was not sent again."""


async def settled_by_name(gateway: Gateway) -> Callable[[RefusedListing], str]:
    """Returns what says how a message was settled and by whom, such as `dismissed by Olga Roy`."""
    names = await gateway.store.accounts.names()

    def settled(message: RefusedListing) -> str:
        by = with_account_names(message.resent_by or "", names)
        return by if by.startswith(DISMISSED) else f"sent again by {by}"

    return settled


@router.get("")
@needs(Permission.REPAIR)
async def show(request: Request, gateway: CurrentGateway, number: Number) -> Response:
    """Show a refused message and a form to correct it; changes nothing."""
    message = await _message(gateway, number)
    sent, unreadable = await _sent(gateway, message)
    draft = (
        first_draft(kind_of(message.workflow_id), message, sent)
        if can_be_resent(message)
        else None
    )
    return await _shown(request, gateway, message, draft, refused=unreadable)


@router.post("")
@needs(Permission.REPAIR)
async def send(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    number: Number,
    name: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Check a corrected message, send it and note who did; show a wrong one again as
    typed.
    """
    message = await _message(gateway, number)
    draft, kind = MessageDraft(name.strip(), text), kind_of(message.workflow_id)
    if message.resent_at or not can_be_resent(message):
        return await _shown(
            request,
            gateway,
            message,
            draft,
            409,
            refused="This message is not waiting to be corrected.",
        )
    try:
        payload = check_draft(kind, draft)
    except DraftInvalid as wrong:
        return await _shown(
            request, gateway, message, draft, 422, problems=wrong.problems
        )
    if not await gateway.store.refused_messages.lock_for_resending(number):
        return await _shown(
            request, gateway, message, draft, 409, refused=BEING_SETTLED
        )
    await note_decision(gateway, user, message.workflow_id, "send_again")
    if is_update(kind, draft.name):
        payload = {**payload, "by": user.actor}
    if refused := await decide(_resend(gateway, number, message, draft, payload)):
        await gateway.store.refused_messages.unlock(number)
        return await _shown(request, gateway, message, draft, 409, refused=refused)
    await gateway.store.refused_messages.settle(number, user.actor)
    return back("/refused", "corrected")


async def _resend(
    gateway: Gateway,
    number: int,
    message: RefusedListing,
    draft: MessageDraft,
    payload: dict[str, Any],
) -> None:
    """Send the message; the same text is one update, however often it is sent."""
    workflows, to = gateway.workflows, message.workflow_id
    if is_update(kind_of(to), draft.name):
        once = sha256(f"{draft.name}\n{draft.text}".encode()).hexdigest()[:24]
        key = f"corrected-{number}-{once}"
        await workflows.update(to, draft.name, payload, key)
    else:
        await workflows.signal(to, draft.name, payload)


@router.post("/dismiss")
@needs(Permission.REPAIR)
async def dismiss(
    request: Request, gateway: CurrentGateway, user: CurrentUser, number: Number
) -> Response:
    """Settle a message without sending it, unless somebody is sending it."""
    message = await _message(gateway, number)
    refused_messages = gateway.store.refused_messages
    if not message.resent_at and not await refused_messages.lock_for_resending(number):
        return await _shown(request, gateway, message, None, 409, refused=BEING_SETTLED)
    await note_decision(gateway, user, message.workflow_id, "dismiss")
    await gateway.store.refused_messages.settle(number, DISMISSED + user.actor)
    return back("/refused", "dismissed")


async def _message(gateway: Gateway, number: int) -> RefusedListing:
    message = await gateway.store.refused_messages.find(number)
    if message is None:
        raise RequestRefused(404, "No message has this number.")
    return message


async def _sent(
    gateway: Gateway, message: RefusedListing
) -> tuple[list[SentSignal], str | None]:
    """Returns the signals among which the refused one is, and why they cannot be read,
    if so.
    """
    try:
        return await gateway.workflows.signals_sent(
            message.workflow_id, message.name, message.at
        ), None
    except WorkflowNotFound:
        return [], None
    except TemporalUnavailable:
        return (
            [],
            "Temporal does not answer now, so what was sent cannot be shown; reload this page in a moment.",
        )


async def _shown(
    request: Request,
    gateway: Gateway,
    message: RefusedListing,
    draft: MessageDraft | None,
    code: int = 200,
    problems: tuple[Problem, ...] = (),
    refused: str | None = None,
) -> Response:
    kind = kind_of(message.workflow_id)
    return page(
        request,
        gateway,
        "correct_message",
        code,
        message=message,
        settled=await settled_by_name(gateway),
        draft=draft,
        problems=problems,
        handlers=handlers_help(kind) if kind else [],
        run_state=await _run_state(gateway, message),
        refused=refused,
    )


async def _run_state(gateway: Gateway, message: RefusedListing) -> str:
    """The state of the workflow: open, ended, gone or unknown."""
    try:
        return (
            "open"
            if await gateway.workflows.is_running(message.workflow_id)
            else "ended"
        )
    except WorkflowNotFound:
        return "gone"
    except TemporalUnavailable:
        return "unknown"
