"""Every request, by the route that it met: links and ids never become labels."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.observing.metrics import GatewayMetrics
from gateway.observing.traces import GatewayTraces

NO_ROUTE = "none"
"""Addresses that nothing answers to: one label, whatever somebody tries."""
MET = "binome.met"
"""Where a scope keeps the route, as it was declared."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
NEVER_ANSWERED = 499


class ObservedRequests:
    """ASGI middleware: how long requests take, what came of them, and what they led to."""

    def __init__(
        self, app: ASGIApp, metrics: GatewayMetrics, traces: GatewayTraces
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun, status = perf_counter(), NEVER_ANSWERED
        met: dict[str, str] = {}
        scope[MET] = met

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        with self._traces.request(method, scope["path"]) as span:
            try:
                return await self._app(scope, receive, sending)
            finally:
                route, kind = met.get("route", NO_ROUTE), f"{status // 100}xx"
                taken = self._metrics.requests.labels(method, route, kind)
                taken.observe(perf_counter() - begun)
                if span:
                    span.update_name(f"{method} {route}")
                    span.set_attribute("http.response.status_code", status)


class RouteMet:
    """ASGI middleware next to the routes: says which one a request met.

    What stands between the two may hand on a copy of the scope.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            path = getattr(scope.get("route"), "path", None)
            if path is not None and MET in scope:
                scope[MET]["route"] = path
