"""The codec endpoint: encrypts and decrypts payloads for the Temporal Web UI and the `temporal` command.

It speaks Temporal's codec-server protocol: JSON with the payloads' bytes in base64.
"""

import asyncio
import base64
import json
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from domain.access.permissions import Permission
from gateway.access.declared import needs
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway, Gateway
from gateway.edge.hosts import LOOPBACK_NAMES
from gateway.edge.kinds import CODEC_PATHS
from gateway.http.problems import RequestRefused, problem_json
from schemas.unreadable import ENCRYPTED

MOST_BYTES = 3 * 1024 * 1024
"""Limit of a request's body: a payload has 2 MB at most, and base64 makes a third more of them."""
MOST_PAYLOADS = 500
AT_A_TIME = 50
"""Payloads between two turns of others."""
MOST_SEPARATORS = 20 * MOST_PAYLOADS
"""Brackets, braces and commas of a body; base64 has none, so more of them are no payloads."""

router = APIRouter(include_in_schema=False, route_class=AccessRoute)


class EncodedPayload(BaseModel):
    """A payload as JSON."""

    metadata: dict[str, str] = Field(default_factory=dict, max_length=20)
    data: str = ""


class EncodedPayloads(BaseModel):
    """The body of a request, and of a response."""

    payloads: list[EncodedPayload] = Field(max_length=MOST_PAYLOADS)


@router.post("/codec/decode")
@needs(Permission.SEE_HISTORIES)
async def decode(request: Request, gateway: CurrentGateway) -> JSONResponse:
    """Decrypt; in the place of what cannot be decrypted stands a payload that says why."""
    codec = _codec(gateway)
    return await _response(request, partial(_decrypted_or_explained, codec))


@router.post("/codec/encode")
@needs(Permission.SEE_HISTORIES)
async def encode(request: Request, gateway: CurrentGateway) -> JSONResponse:
    """Encrypt with the key that encrypts new payloads."""
    codec = _codec(gateway)

    async def encrypted(payload: Payload) -> Payload:
        return (await codec.encode([payload]))[0]

    return await _response(request, encrypted)


async def _response(
    request: Request, change: Callable[[Payload], Awaitable[Payload]]
) -> JSONResponse:
    """Change every payload of a request; others have their turn between the steps."""
    changed = []
    for number, payload in enumerate(_payloads(await request.body())):
        if number % AT_A_TIME == 0:
            await asyncio.sleep(0)
        changed.append(await change(payload))
    await asyncio.sleep(0)
    return JSONResponse({"payloads": [_as_json(payload) for payload in changed]})


def _codec(gateway: Gateway) -> PayloadCodec:
    codec = gateway.workflows.payload_codec
    if codec is None:
        raise RequestRefused(
            404, "Histories are not encrypted here; see BINOME_PAYLOAD_KEYS."
        )
    return codec


def _payloads(body: bytes) -> list[Payload]:
    """Read a body.

    Raises:
        RequestRefused: it is no list of payloads, or one that is too long.
    """
    if sum(map(body.count, (b"{", b"[", b","))) > MOST_SEPARATORS:
        raise RequestRefused(413, f"Send at most {MOST_PAYLOADS} payloads at a time.")
    try:
        read = EncodedPayloads.model_validate_json(body)
        return [
            Payload(
                metadata={k: _bytes(v) for k, v in each.metadata.items()},
                data=_bytes(each.data),
            )
            for each in read.payloads
        ]
    except (ValidationError, NotBase64, ValueError):
        raise RequestRefused(
            422,
            f'Send {{"payloads": [{{"metadata": {{"encoding": BASE64}}, "data": BASE64}}]}}, '
            f"at most {MOST_PAYLOADS} of them.",
        ) from None


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


async def _decrypted_or_explained(codec: PayloadCodec, payload: Payload) -> Payload:
    try:
        found = (await codec.decode([payload]))[0]
    except RuntimeError as error:
        return _explained(str(error))
    if found.metadata.get("encoding") == ENCRYPTED.encode():
        return _explained("not encrypted with a key of this installation, or changed")
    return found


def _explained(why: str) -> Payload:
    """A value that the Web UI shows, as `message` also where it looks for a failure's message."""
    value = {"message": f"Cannot be decrypted: {why}."}
    return Payload(
        metadata={"encoding": b"json/plain"}, data=json.dumps(value).encode()
    )


def _as_json(payload: Payload) -> dict[str, Any]:
    return {
        "metadata": {key: _text(value) for key, value in payload.metadata.items()},
        "data": _text(payload.data),
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class CodecOrigin:
    """ASGI middleware: pages of the Web UI may use the endpoint, and those of no other site.

    It answers a browser's preflight, which comes without credentials.
    """

    def __init__(self, app: ASGIApp, ui_url: str) -> None:
        self._app = app
        self._origins = _origins(ui_url)
        self._for_ui = CORSMiddleware(
            app,
            allow_origins=self._origins,
            allow_methods=["POST"],
            allow_headers=["authorization", "content-type", "x-namespace"],
            allow_credentials=True,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in CODEC_PATHS:
            await self._app(scope, receive, send)
        elif self._is_foreign(Request(scope)):
            refusal = problem_json(403, "Only pages of BINOME_UI_URL may ask for this.")
            await refusal(scope, receive, send)
        else:
            await self._for_ui(scope, receive, send)

    def _is_foreign(self, request: Request) -> bool:
        """Whether a page of another site sent this; what is no browser names no origin."""
        origin = request.headers.get("origin")
        return origin is not None and origin not in self._origins


def _origins(ui_url: str) -> list[str]:
    """Returns where pages of the Web UI come from; on this machine a browser has two names for it."""
    address = urlsplit(ui_url.lower())
    port = f":{address.port}" if address.port else ""
    names = {address.hostname or ""}
    if names & LOOPBACK_NAMES:
        names |= {"127.0.0.1", "localhost"}
    return sorted(f"{address.scheme}://{name}{port}" for name in names)
