"""A route class that shows 404 as a page of the console."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from gateway.console.render import page
from gateway.http.problems import RequestRefused


class ConsoleRoute(APIRoute):
    """A route whose 404 is a page, for whoever may see the console; other refusals stay problem+json."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestRefused as refusal:
                if refusal.status != 404:
                    raise
                return page(
                    request,
                    request.app.state.gateway,
                    "missing",
                    404,
                    detail=refusal.detail,
                )

        return handled
