"""POST /events, and what became of an event."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from domain.inbox.delivery import waits_for_pair
from gateway.context import CurrentGateway, Gateway
from gateway.events.checking import CheckedEvent, EventInvalid, brought_in, check_event
from gateway.events.reading import BATCH, STRUCTURED, read_events
from gateway.http.problems import RequestRefused
from gateway.pulses import concern_of, keep_pulse, pulse_id
from schemas.cloud_events import CloudEvent
from schemas.people import PeopleRefused
from schemas.programme import Problem
from schemas.records.inbox import PAGE_SOURCE, NewEvent

router = APIRouter(tags=["events"])
_CORRECT = "Nothing was stored. Correct what is listed and send it again."

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
    401: {"description": "No bearer token, or not a known one"},
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
async def receive(
    request: Request, gateway: CurrentGateway, dry_run: bool = False
) -> Response:
    """Take one CloudEvent or a batch. Stored before it is answered; the same source and id is stored once.

    With `dry_run=true` nothing is stored, and the answer says how many pairs would get it.
    """
    source = await _source(request, gateway)
    events, batch = read_events(request.headers, await request.body())
    checked = await _check(gateway, source, events, batch)
    if dry_run:
        return JSONResponse(
            [_would_reach(each) for each in checked]
            if batch
            else _would_reach(checked[0]),
            200,
        )
    await _store(gateway, source, checked, batch)
    here = f"{gateway.options.public_url}/events"
    links = [
        {"id": each.event.event_id, "link": f"{here}/{each.event.key}"}
        for each in checked
    ]
    headers = {} if batch else {"Location": links[0]["link"]}
    return JSONResponse({"events": links} if batch else links[0], 202, headers)


@router.get(
    "/events/{key}",
    responses={
        401: _ANSWERS[401],
        404: {"description": "No such event of this source"},
    },
)
async def what_became(
    request: Request, gateway: CurrentGateway, key: str
) -> dict[str, Any]:
    """Returns the state of an event and the reason for it. Only its source may ask."""
    source = await _source(request, gateway)
    event = await gateway.store.inbox.find(key)
    if event is None or event.source != source:
        raise RequestRefused(404, "No event of this source has this id.")
    return {
        "id": event.event_id,
        "type": event.type,
        "state": event.state.value,
        "reason": event.reason,
        "received_at": event.received_at.isoformat(),
        "attempts": event.attempts,
        "pairs_reached": len(event.reached),
    }


async def _source(request: Request, gateway: Gateway) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    name = (
        await gateway.store.sources.find(token.strip())
        if scheme.lower() == "bearer" and token.strip()
        else None
    )
    if name is None or name == PAGE_SOURCE:
        raise RequestRefused(
            401,
            "Send the header Authorization: Bearer TOKEN; `binome sources add NAME` makes a token.",
        )
    return name


async def _check(
    gateway: Gateway, source: str, events: list[CloudEvent], batch: bool
) -> list[CheckedEvent]:
    checked: list[CheckedEvent] = []
    problems: list[Problem] = []
    coming = brought_in(events)
    for index, event in enumerate(events):
        try:
            checked.append(await check_event(gateway.store, source, event, coming))
        except EventInvalid as wrong:
            problems += [
                Problem(path=f"[{index}].{p.path}" if batch else p.path, what=p.what)
                for p in wrong.problems
            ]
    if problems:
        raise RequestRefused(422, _CORRECT, problems)
    await _update_people(gateway, checked, batch, write=False)
    return checked


async def _update_people(
    gateway: Gateway, checked: list[CheckedEvent], batch: bool, *, write: bool
) -> None:
    """Apply what events say of people, and store these events; or only see whether it fits."""
    updates = [each.update for each in checked if each.update]
    if not updates:
        return
    events = [each.event for each in checked if each.update] if write else []
    try:
        await gateway.store.people_updates.apply(
            updates, events, gateway.now(), write=write
        )
    except PeopleRefused as refused:
        place_of = {
            each.event.key: f"[{index}]." if batch else ""
            for index, each in enumerate(checked)
        }
        problems = [
            Problem(
                path=place_of[key]
                + ("subject" if column == "external_id" else f"data.{column}"),
                what=what,
            )
            for key, column, what in refused.problems
        ]
        raise RequestRefused(422, _CORRECT, problems) from None


async def _store(
    gateway: Gateway, source: str, checked: list[CheckedEvent], batch: bool
) -> None:
    """Store what belongs to the events, then the events: a crash never leaves an event
    without its data.
    """
    await _update_people(gateway, checked, batch, write=True)
    events: list[NewEvent] = []
    for each in checked:
        if each.person is None:
            events.append(each.event)
            continue
        events.append(_as_signalled(gateway, each))
        if each.windows:
            await gateway.store.people.set_windows(each.person.person, each.windows)
        if each.pulse:
            await keep_pulse(gateway.store, each.person.person, each.pulse)
            raised = await concern_of(gateway, source, each.event.key, each.pulse)
            events += [raised] if raised else []
    await gateway.store.inbox.store(events)
    gateway.dispatcher.wake()


def _as_signalled(gateway: Gateway, checked: CheckedEvent) -> NewEvent:
    """The event as its pair gets it: of a pulse the id, and not whose it is."""
    if checked.pulse is None:
        return checked.event
    known_as = pulse_id(gateway.options.secret, checked.pulse)
    payload = {"session": checked.pulse.session, "pulse": known_as}
    return checked.event.having(payload=payload)


def _would_reach(checked: CheckedEvent) -> dict[str, Any]:
    waits = not checked.reaches and waits_for_pair(checked.event.kind)
    return {
        "would_reach": len(checked.reaches),
        "signal": checked.event.kind,
        "would_wait": waits,
    }
