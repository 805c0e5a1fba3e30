"""POST /events, and what became of an event."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from time import monotonic, time_ns
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from domain.inbox.delivery import waits_for_pair
from domain.sources.permissions import may_see_people, ungranted
from gateway.access.declared import Door, opened_by
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway, Gateway
from gateway.edge.dependencies import within_address_rate
from gateway.events.authentication import authenticate
from gateway.events.checking import (
    CheckedEvent,
    EventInvalid,
    ReadEvent,
    brought_in,
    check_event,
    read_event,
)
from gateway.events.reading import BATCH, MOST_PROBLEMS, STRUCTURED, read_events
from gateway.events.storing import CORRECT, store_events, update_people
from gateway.http.problems import RequestRefused
from schemas.cloud_events import CloudEvent
from schemas.programme import Problem
from schemas.records.inbox import StoredEvent
from schemas.records.sources import EventSource

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

LONG_BODY_SECONDS = 1.0
"""A body that took longer may end after its sender was revoked."""

router = APIRouter(
    tags=["events"],
    route_class=AccessRoute,
    dependencies=[Depends(within_address_rate)],
)
ORIGIN = r"[A-Za-z0-9.:*-]{1,253}"
"""A name that a sender gives; it is repeated in a header."""
IGNORED = "no rule of this source is about such a message"
NOT_GRANTED = (
    "Nothing was stored. This source may not send what is listed; `binome sources add"
    " NAME` with the right options grants it."
)

_EVENT = CloudEvent.model_json_schema()
_BODY = {
    "required": True,
    "content": {
        STRUCTURED: {"schema": _EVENT},
        BATCH: {"schema": {"type": "array", "items": _EVENT}},
    },
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Not JSON in UTF-8"},
    401: {"description": "No token or signature that counts"},
    403: {"description": "Not granted to this source; nothing was stored"},
    409: {"description": "An event id used again for another fact; nothing was stored"},
    413: {"description": "Body or batch too large"},
    415: {"description": "Not a CloudEvents content type"},
    422: {
        "description": "An unknown type, person or module, or data that do not fit; nothing was stored"
    },
}


@router.post(
    "/events",
    status_code=202,
    responses=_ANSWERS,
    openapi_extra={"requestBody": _BODY},
    response_class=JSONResponse,
)
@opened_by(Door.SOURCE)
async def receive(
    request: Request, gateway: CurrentGateway, dry_run: bool = False
) -> Response:
    """Take one CloudEvent or a batch. Stored before it is answered; the same source and id is stored once.

    With `dry_run=true` nothing is stored. The answer says whether it would be accepted, and to a
    directory how many pairs would get it.
    """
    received_at = time_ns()
    source, begun = await authenticate(request, gateway), monotonic()
    body = await request.body()
    if monotonic() - begun > LONG_BODY_SECONDS:
        source = await authenticate(request, gateway)  # revoked meanwhile, maybe
    events, batch = read_events(request.headers, body, source.rules)
    if not events:
        return JSONResponse({"ignored": IGNORED}, 202)
    _refuse_ungranted(source, events, batch)
    read = await _read(gateway, source, events, batch)
    if dry_run and not may_see_people(source.scope):
        return _tried([_accepted(each) for each in read], batch)
    checked = await _check(gateway, read, batch)
    if dry_run:
        return _tried([_would_reach(each) for each in checked], batch)
    await store_events(gateway, checked, batch, received_at)
    links = [_link(gateway, each.event.key, each.event.event_id) for each in checked]
    headers = {} if batch else {"Location": links[0]["link"]}
    return JSONResponse({"events": links} if batch else links[0], 202, headers)


@router.options("/events", include_in_schema=False)
@opened_by(Door.SOURCE)
async def allow_sender(request: Request, gateway: CurrentGateway) -> Response:
    """Tell a sender of CloudEvents, which asks first, that it may send here.

    As of "HTTP 1.1 Web Hooks for Event Delivery", 4: only whoever has a token may.
    """
    await authenticate(request, gateway)
    origin = request.headers.get("webhook-request-origin", "")
    headers = {"Allow": "POST, OPTIONS"}
    if re.fullmatch(ORIGIN, origin):
        headers |= {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"}
    return Response(status_code=200, headers=headers)


@router.get(
    "/events/{key}",
    responses={
        401: _ANSWERS[401],
        404: {"description": "No such event of this source"},
    },
)
@opened_by(Door.SOURCE)
async def what_became(
    request: Request, gateway: CurrentGateway, key: str
) -> dict[str, Any]:
    """What became of an event: stored, waiting, delivered or undeliverable, and why. Only its source may ask."""
    source = await authenticate(request, gateway)
    event = await gateway.store.inbox.find(key)
    if event is None or event.source != source.name:
        raise RequestRefused(404, "No event of this source has this id.")
    return _what_became(event)


def _refuse_ungranted(
    source: EventSource, events: list[CloudEvent], batch: bool
) -> None:
    """The one place that says what a source may send, before anything else of it is looked at."""
    found = (
        Problem(path=_place(index, batch) + problem.path, what=problem.what)
        for index, event in enumerate(events)
        for problem in ungranted(source.scope, event)
    )
    if problems := list(islice(found, MOST_PROBLEMS)):
        raise RequestRefused(403, NOT_GRANTED, problems)


async def _read(
    gateway: Gateway, source: EventSource, events: list[CloudEvent], batch: bool
) -> list[ReadEvent]:
    async def read(event: CloudEvent) -> ReadEvent:
        return await read_event(gateway.store, source, event)

    return await _each(read, events, batch)


async def _check(
    gateway: Gateway, events: list[ReadEvent], batch: bool
) -> list[CheckedEvent]:
    coming = brought_in(events)

    async def check(event: ReadEvent) -> CheckedEvent:
        return await check_event(gateway.store, event, coming)

    checked = await _each(check, events, batch)
    await update_people(gateway, checked, batch, write=False)
    return checked


async def _each(
    make: Callable[[_Given], Awaitable[_Made]], events: Iterable[_Given], batch: bool
) -> list[_Made]:
    """Make something of each event, or name the first things that are wrong with them."""
    made: list[_Made] = []
    problems: list[Problem] = []
    for index, event in enumerate(events):
        if len(problems) >= MOST_PROBLEMS:
            break
        await asyncio.sleep(0)  # others' turn: what is wrong at once waits for nobody
        try:
            made.append(await make(event))
        except EventInvalid as wrong:
            problems += [
                Problem(path=_place(index, batch) + p.path, what=p.what)
                for p in wrong.problems
            ]
    if problems:
        raise RequestRefused(422, CORRECT, problems[:MOST_PROBLEMS])
    return made


def _place(index: int, batch: bool) -> str:
    return f"[{index}]." if batch else ""


def _accepted(read: ReadEvent) -> dict[str, Any]:
    """All that a source learns which may not see people: nobody was looked up."""
    return {"accepted": True, "signal": read.incoming.kind}


def _would_reach(checked: CheckedEvent) -> dict[str, Any]:
    waits = not checked.reaches and waits_for_pair(checked.event.kind)
    return {
        "would_reach": len(checked.reaches),
        "signal": checked.event.kind,
        "would_wait": waits,
    }


def _tried(answers: list[dict[str, Any]], batch: bool) -> Response:
    return JSONResponse(answers if batch else answers[0], 200)


def _link(gateway: Gateway, key: str, event_id: str) -> dict[str, Any]:
    return {"id": event_id, "link": f"{gateway.options.public_url}/events/{key}"}


def _what_became(event: StoredEvent) -> dict[str, Any]:
    return {
        "id": event.event_id,
        "type": event.type,
        "state": event.state.value,
        "reason": event.reason,
        "received_at": event.received_at.isoformat(),
        "attempts": event.attempts,
        "pairs_reached": len(event.reached),
    }
