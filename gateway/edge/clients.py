"""Where a request came from: the proxy that handed it on, and the client behind it."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

log = structlog.get_logger(__name__)
_PEER = "binome.peer"


class KnownProxies:
    """ASGI middleware: believes what named proxies say of their clients, and keeps whose connection it is."""

    def __init__(self, app: ASGIApp, proxies: Iterable[str]) -> None:
        self._app = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))  # type: ignore[arg-type]
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_PEER] = scope.get("client")
        if scope["type"] == "http" and not self._warned:
            self._warn_of_unnamed(Request(scope))
        await self._app(scope, receive, send)  # type: ignore[arg-type]

    def _warn_of_unnamed(self, request: Request) -> None:
        """Say once that a proxy is not named: all its clients would share one limit."""
        peer = peer_address(request)
        if "x-forwarded-for" in request.headers and (
            peer not in self._app.trusted_hosts
        ):
            self._warned = True
            log.warning("proxy_not_named", setting="BINOME_PROXIES")


def peer_address(request: Request) -> str:
    """Returns the address of the other end of the connection, which no header changes."""
    peer: tuple[str, int] | None = request.scope.get(_PEER, request.scope.get("client"))
    return peer[0] if peer else ""


def client_address(request: Request) -> str:
    """Returns where a request came from; of IPv6 the /64, which is what one machine is given."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:  # a socket without addresses, as in tests
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return host
