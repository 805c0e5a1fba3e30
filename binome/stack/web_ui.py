"""The Temporal Web UI of the one-machine stack, for whoever asks for it by a name of this machine.

Without the check a page elsewhere could reach it under a name of its own (DNS
rebinding) and act on every workflow.

`python -m binome.stack.web_ui PORT UPSTREAM GATEWAY [--own-account-only]`
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from binome.stack.own_account import OWN_ACCOUNT_ONLY, listener_on
from binome.stack.ports import LOOPBACK
from gateway.edge.hosts import KnownHosts
from gateway.edge.kinds import CODEC_PATHS
from gateway.http.security import SameOrigin

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
CONNECTION_HEADERS = frozenset(
    {
        "connection",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""They are about one connection, and are not handed on (RFC 9110, 7.6.1)."""


def build_app(upstream: str, gateway: str) -> Starlette:
    """The Web UI at `upstream`, and the codec endpoint of the gateway; addresses have no slash at the end.

    The endpoint is here too, so that a browser sends the console's sign-in along: the
    cookie is of this machine, whatever the port.
    """
    client = httpx.AsyncClient(trust_env=False, timeout=60)

    async def hand_on(base: httpx.URL, request: Request) -> Response:
        path, query = request.scope["raw_path"], request.scope["query_string"]
        asked = client.build_request(
            request.method,
            base.copy_with(raw_path=path + (b"?" + query if query else b"")),
            headers=_handed_on(request.headers.items()),
            content=request.stream() if request.method not in ("GET", "HEAD") else None,
        )
        try:
            return _answer(await client.send(asked, stream=True))
        except httpx.TransportError:
            return PlainTextResponse("Temporal does not answer yet.", 502)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    return Starlette(
        routes=[
            Route(path, partial(hand_on, httpx.URL(server)), methods=METHODS)
            for path, server in (
                *((path, gateway) for path in sorted(CODEC_PATHS)),
                ("/{path:path}", upstream),
            )
        ],
        middleware=[
            Middleware(KnownHosts, names=()),
            Middleware(SameOrigin, addresses=(), other_rules=CODEC_PATHS),
        ],
        lifespan=lifespan,
    )


def _answer(answer: httpx.Response) -> Response:
    handed_on = StreamingResponse(
        answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
    )
    handed_on.raw_headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in _handed_on(answer.headers.multi_items())
    ]
    return handed_on


def _handed_on(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in headers if each[0].lower() not in CONNECTION_HEADERS]


if __name__ == "__main__":
    config = uvicorn.Config(
        build_app(*sys.argv[2:4]),
        loop="asyncio",  # another may not ask the listener whom it accepts
        log_level="warning",
        access_log=False,
        ws="none",
    )
    own_account_only = OWN_ACCOUNT_ONLY in sys.argv
    opened = listener_on(LOOPBACK, int(sys.argv[1]), own_account_only=own_account_only)
    uvicorn.Server(config).run(sockets=[opened])
