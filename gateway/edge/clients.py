"""Where a request came from: the proxy that handed it on, and the client behind it."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_PEER = "binome.peer"


class KnownProxies:
    """ASGI middleware: believes what named proxies say of their clients, and keeps whose connection it is."""

    def __init__(self, app: ASGIApp, proxies: Iterable[str]) -> None:
        self._app = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_PEER] = scope.get("client")
        await self._app(scope, receive, send)  # type: ignore[arg-type]


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
