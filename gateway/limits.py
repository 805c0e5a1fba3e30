"""A body larger than allowed is refused while it arrives, not after."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problems import problem_json


class _TooLarge(Exception):
    pass


class BodyLimit:
    """ASGI middleware; `limit_of` says how many bytes a path may take."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int]) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        refusal = problem_json(413, f"The body is larger than {limit} bytes; send less at a time.")
        declared = Request(scope).headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > limit:
            await refusal(scope, receive, send)
            return
        try:
            await self._app(scope, _counted(receive, limit), send)
        except _TooLarge:
            await refusal(scope, receive, send)


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise _TooLarge
        return message

    return counting
