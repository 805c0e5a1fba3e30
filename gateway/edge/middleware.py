"""The order in which a request meets the edge."""

from collections.abc import Callable

from fastapi import FastAPI

from gateway import codec
from gateway.access.sign_in import LARGEST_FORM_BYTES, SIGN_IN
from gateway.edge.bodies import BodyLimit
from gateway.edge.clients import KnownProxies
from gateway.edge.cookies import OwnCookies
from gateway.edge.hosts import KnownHosts, names_of
from gateway.edge.kinds import CODEC_PATHS, FILE_FORM, KINDS_BY_ADDRESS, BodyKinds
from gateway.edge.listeners import Listeners
from gateway.http.security import NoNulInAddress, SameOrigin, SecurityHeaders
from gateway.options import GatewayOptions


def add_edge(app: FastAPI, options: GatewayOptions) -> None:
    """Add what every request meets before a route. The last one added sees it first."""
    addresses = (options.public_url, options.console_url or options.public_url)
    app.add_middleware(BodyLimit, limit_of=_limits(options))
    app.add_middleware(BodyKinds)
    app.add_middleware(OwnCookies)
    app.add_middleware(SameOrigin, addresses=addresses)
    app.add_middleware(codec.CodecOrigin, ui_url=options.ui_url)
    app.add_middleware(NoNulInAddress)
    app.add_middleware(Listeners, console_port=options.console_port)
    app.add_middleware(KnownHosts, names=names_of(addresses, options.hosts))
    app.add_middleware(KnownProxies, proxies=options.proxies)
    https = options.public_url.startswith("https://")
    app.add_middleware(SecurityHeaders, https=https)


def _limits(options: GatewayOptions) -> Callable[[str], int]:
    """Returns how many bytes a body may have, by path."""

    def limit(path: str) -> int:
        if FILE_FORM in KINDS_BY_ADDRESS.get(path, ()):
            return options.people_bytes
        if path.startswith(SIGN_IN):
            return LARGEST_FORM_BYTES
        if path in CODEC_PATHS:
            return codec.MOST_BYTES
        if path.startswith(("/q/", "/my-data/")):
            return options.page_bytes
        return options.event_bytes if path == "/events" else options.form_bytes

    return limit
