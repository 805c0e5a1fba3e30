"""Cookies of ours, and no others: a browser sends those of every program that has the same host."""

from starlette.types import ASGIApp, Receive, Scope, Send

COOKIES = frozenset({b"binome", b"binome-openid"})
"""Their names; with TLS behind `__Host-`."""
PREFIX = b"__Host-"


class OwnCookies:
    """ASGI middleware: hands on nothing of a `Cookie` header but cookies of ours.

    What a value in quotes means is found out by the standard library, before Python 3.11.10
    in quadratic time; ours have none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [each for each in scope["headers"] if each[0] != b"cookie"]
            ours = b"; ".join(
                part.strip()
                for name, value in scope["headers"]
                if name == b"cookie"
                for part in value.split(b";")
                if _is_ours(part)
            )
            if ours:
                headers.append((b"cookie", ours))
            scope = {**scope, "headers": headers}
        await self._app(scope, receive, send)


def _is_ours(part: bytes) -> bool:
    name, _, value = part.strip().partition(b"=")
    return name.removeprefix(PREFIX) in COOKIES and b'"' not in value
