"""Headers of every response, and where a form may come from."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.problems import NO_SUCH_ADDRESS, problem_json

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

    def __init__(
        self,
        app: ASGIApp,
        addresses: Iterable[str],
        other_rules: frozenset[str] = OTHER_RULES,
    ) -> None:
        self._app = app
        self._other_rules = other_rules
        self._ours = frozenset(urlsplit(each).netloc.lower() for each in addresses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = (
            scope["type"] == "http"
            and scope["method"] not in ("GET", "HEAD", "OPTIONS")
            and scope["path"] not in self._other_rules
        )
        if changes and _is_foreign(Request(scope), self._ours):
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
