"""The names under which the gateway may be asked for."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http.problems import problem_json

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers of a proxy, any of which shows that a request did not begin on this machine."""


class KnownHosts:
    """ASGI middleware: 421 for a `Host` that is not ours.

    A page elsewhere can reach a gateway on its reader's machine under a name of its own
    (DNS rebinding), and a proxy may pass on whatever name somebody sends. Loopback names
    are for this machine alone: not for what a proxy forwarded.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_known(Request(scope)):
            refusal = problem_json(421, "This gateway does not answer to this name.")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_known(self, request: Request) -> bool:
        name = host_name(request.headers.get("host", ""))
        if name in self._names:
            return True
        forwarded = any(header in request.headers for header in FORWARDED)
        return name in LOOPBACK_NAMES and not forwarded


def host_name(header: str) -> str:
    """Returns the name of a `Host` header without its port; empty: it is none.

    A user before it or a path behind it is of an address, and in no `Host`.
    """
    if not set(header).isdisjoint("@/?#\\"):
        return ""
    try:
        return urlsplit("//" + header).hostname or ""
    except ValueError:  # brackets that do not close
        return ""


def names_of(addresses: Iterable[str], more: Iterable[str]) -> frozenset[str]:
    """Returns the names in the gateway's own addresses, and more that are allowed."""
    own = (urlsplit(address).hostname or "" for address in addresses)
    return frozenset(name for name in (*own, *more) if name)
