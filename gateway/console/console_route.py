"""404 and 403 as pages of the console."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from gateway.access.route import AccessRoute
from gateway.console.render import page
from gateway.http.problems import RequestRefused

_SHOWN_AS_PAGE = (403, 404)


class ConsoleRoute(AccessRoute):
    """A route that says by a page what is missing or not granted; other refusals stay problem+json."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestRefused as refusal:
                if refusal.status not in _SHOWN_AS_PAGE:
                    raise
                return page(
                    request,
                    request.app.state.gateway,
                    "missing",
                    refusal.status,
                    title="Not found" if refusal.status == 404 else "Not for you",
                    detail=refusal.detail,
                )

        return handled
