"""Two listeners: participants and services reach one, whoever runs the programme the other."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http.not_found import not_found_response

ON_BOTH = ("/static/", "/robots.txt", "/favicon.ico", "/healthz", "/readyz")


def is_for_participants(path: str) -> bool:
    return path.startswith(("/q/", "/my-data/", "/events/")) or path == "/events"


class Listeners:
    """ASGI middleware: 404 for what belongs to the other listener.

    Which listener took a request shows its own port; the sender cannot change it.
    """

    def __init__(self, app: ASGIApp, console_port: int | None) -> None:
        self._app = app
        self._console_port = console_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_here(scope):
            answer = await not_found_response(Request(scope), HTTPException(404))
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_here(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if self._console_port is None or path.startswith(ON_BOTH):
            return True
        server: tuple[str, int | None] | None = scope.get("server")
        on_console = server is not None and server[1] == self._console_port
        return on_console is not is_for_participants(path)
