"""Which source sends a request: by its bearer token, or by a signature of Standard Webhooks."""

from datetime import datetime

from fastapi import Request

from activities.persistence.messages.sources import opened_secrets
from domain.sources.credentials import use_is_noted, why_refused
from domain.sources.webhook_signatures import (
    TOLERANCE,
    SignedHeaders,
    is_genuine,
    is_timely,
)
from gateway.context import Gateway
from gateway.edge.clients import client_address
from gateway.edge.rates import RateKey
from gateway.http.problems import RequestRefused
from schemas.ids import is_code
from schemas.records.sources import EventSource

NOBODY = (
    "Send the header Authorization: Bearer TOKEN; `binome sources add NAME` makes a"
    " token. A service that signs (Standard Webhooks) sends webhook-id,"
    " webhook-timestamp and webhook-signature to /events?source=NAME."
)
NOT_GENUINE = (
    "webhook-signature: made with none of the secrets of this source, or this source"
    " signs nothing; `binome sources list` says who does, `rotate` makes a new secret."
)
_MINUTES = int(TOLERANCE.total_seconds()) // 60
NOT_TIMELY = (
    f"webhook-timestamp: missing, or more than {_MINUTES} minutes from our clock;"
    " allowed: seconds since 1970, of this attempt to send."
)


async def authenticate(request: Request, gateway: Gateway) -> EventSource:
    """Find the source of a request; a body is read only where its signature needs it.

    Raises:
        RequestRefused: 401, nobody's, or of a source that may send no more.
        TooManyRequests: it sends too often.
    """
    now = gateway.now()
    try:
        source = await _source(request, gateway, now)
    except RequestRefused:
        gateway.rates.count(RateKey.REFUSED, client_address(request))
        raise
    gateway.rates.count(RateKey.SOURCE, source.name)
    if not use_is_noted(source, now):
        await gateway.store.sources.note_use(source, now)
    return source


async def _source(request: Request, gateway: Gateway, now: datetime) -> EventSource:
    if "source" in request.query_params:
        source = await _signer(request, gateway, now)
    else:
        source = await _bearer(request, gateway)
    if why := why_refused(source, now):
        raise RequestRefused(401, f"Not accepted: {why}.")
    return source


async def _bearer(request: Request, gateway: Gateway) -> EventSource:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = scheme.lower() == "bearer" and token.strip()
    source = await gateway.store.sources.find(token.strip()) if known else None
    if source is None:
        raise RequestRefused(401, NOBODY)
    return source


async def _signer(request: Request, gateway: Gateway, now: datetime) -> EventSource:
    """All secrets of the one source that the address names are tried, and no other's."""
    headers = SignedHeaders(
        *(
            request.headers.get(name, "")
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        )
    )
    if not is_timely(headers.timestamp, now):
        raise RequestRefused(401, NOT_TIMELY)
    name = request.query_params.get("source", "")
    signed = await gateway.store.sources.signed(name) if is_code(name) else []
    for each in signed:
        secrets = opened_secrets([each], gateway.options.source_keys)
        if why_refused(each.source, now) is None and is_genuine(
            secrets, headers, await request.body()
        ):
            return each.source
    raise RequestRefused(401, NOT_GENUINE)
