"""Headers of every response, where a form may come from, and who may see the console."""

import base64
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.edge.hosts import FORWARDED, LOOPBACK_NAMES, host_name
from gateway.http.problems import NO_SUCH_ADDRESS, RequestRefused, problem_json
from gateway.options import GatewayOptions

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
HSTS = ("Strict-Transport-Security", "max-age=31536000")
"""A year, and of this host alone: others of its domain are not ours to decide about."""
OTHER_RULES = frozenset({"/events", "/codec/encode", "/codec/decode"})
"""Addresses to which other sites, or no browsers at all, send."""


class SecurityHeaders:
    """ASGI middleware: headers of security on every response that does not set them itself.

    With TLS (`https`) also that browsers ask for nothing else any more.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict([*SECURITY_HEADERS.items(), *([HSTS] if https else [])])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class NoNulInAddress:
    """ASGI middleware: 404 for a NUL in an address.

    No code, id or name has one, and PostgreSQL cannot be asked for it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (
            "\x00" in scope["path"] or b"%00" in scope["query_string"]
        ):
            await problem_json(404, NO_SUCH_ADDRESS)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class SameOrigin:
    """ASGI middleware: a form of another site must not post here with somebody's browser.

    Services that send events are no browsers, and have no such headers. The codec
    endpoint has a rule of its own: `gateway.codec.CodecOrigin`.
    """

    def __init__(self, app: ASGIApp, addresses: Iterable[str]) -> None:
        self._app = app
        self._ours = frozenset(urlsplit(each).netloc.lower() for each in addresses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        posts = (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and scope["path"] not in OTHER_RULES
        )
        if posts and _is_foreign(Request(scope), self._ours):
            refusal = PlainTextResponse(
                "This form came from another site; nothing was changed.", 403
            )
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_foreign(request: Request, ours: frozenset[str]) -> bool:
    """Whether another site's page sent this.

    Without a referrer browsers write the origin as null; Sec-Fetch-Site is right then.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "").lower()
    return origin is not None and origin.partition("//")[2].lower() not in {*ours, host}


async def console_only(request: Request) -> None:
    """Let in this machine, and whoever has the console's password if one is set.

    A request that a proxy forwarded is not from this machine; nor is one with a foreign
    host name, with which a web page elsewhere could reach a console on its reader's own
    machine.

    Raises:
        RequestRefused: 403, there is no password.
        ConsolePassword: it is missing or wrong.
    """
    options: GatewayOptions = request.app.state.gateway.options
    token = options.console_token
    if _is_local(request) or (
        token and hmac.compare_digest(_credentials(request)[1], token.encode())
    ):
        return
    if token is None:
        raise RequestRefused(
            403,
            "The console answers on its own machine only; set BINOME_CONSOLE_TOKEN to open it to others.",
        )
    raise ConsolePasswordNeeded


class ConsolePasswordNeeded(Exception):
    """The console's password is asked for."""


async def ask_password(_: Request, __: Exception) -> Response:
    return PlainTextResponse(
        "The console asks for its password.",
        401,
        {"WWW-Authenticate": 'Basic realm="console"'},
    )


def _is_local(request: Request) -> bool:
    forwarded = any(name in request.headers for name in FORWARDED)
    client = request.client.host if request.client else ""
    name = host_name(request.headers.get("host", ""))
    return client in LOOPBACK_NAMES and name in LOOPBACK_NAMES and not forwarded


def console_user(request: Request) -> str:
    """The name that came with the console's password, which nobody checks; `console` without one."""
    name = _credentials(request)[0].decode("utf-8", "replace")[:60]
    return "".join(c for c in name if c.isprintable()).strip() or "console"


def _credentials(request: Request) -> tuple[bytes, bytes]:
    """(name, password) as the browser sends them; empty: none, or not readable."""
    scheme, _, packed = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, password = base64.b64decode(packed, validate=True).partition(b":")
    except ValueError:
        return b"", b""
    return (name, password) if scheme.lower() == "basic" else (b"", b"")
