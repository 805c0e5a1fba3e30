"""What did not arrive: events that wait or were given up, and messages that a workflow could not take."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.render import back, page
from gateway.console.resending import can_be_resent, settled_by_name
from gateway.context import CurrentGateway
from schemas.records.inbox import EventState

router = APIRouter(prefix="/refused", route_class=ConsoleRoute)


@router.get("")
@needs(Permission.REPAIR)
async def refused(
    request: Request, gateway: CurrentGateway, messages: str = ""
) -> Response:
    states = (EventState.UNDELIVERABLE, EventState.STORED, EventState.WAITING)
    events = await gateway.store.inbox.in_states(states, 200)
    about = [event.person for event in events if event.person]
    return page(
        request,
        gateway,
        "refused",
        messages=await gateway.store.refused_messages.listing(
            resent=messages == "resent"
        ),
        resent=messages == "resent",
        can_be_resent=can_be_resent,
        settled=await settled_by_name(gateway),
        events=events,
        name_of=await gateway.store.people.names(about),
        counts=await gateway.store.inbox.counts(),
    )


@router.post("/resend")
@needs(Permission.REPAIR)
async def resend(
    gateway: CurrentGateway,
    user: CurrentUser,
    key: Annotated[str, Form(max_length=80)],
) -> Response:
    """Try an event again that was given up."""
    await note_decision(gateway, user, key, "resend_event")
    sent = await gateway.store.inbox.resend(key)
    gateway.dispatcher.wake()
    return back("/refused", "resent" if sent else "not_resent")
