"""How large a body may be and how long it may take; both are seen while it arrives, not after."""

import asyncio
import time
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.problems import problem_json

PAUSE_SECONDS = 15.0
"""Longest silence between two pieces of a body."""
BODY_SECONDS = 20.0
"""A small body has so long; a larger one longer, by its slowest rate."""
SLOWEST_BYTES_PER_SECOND = 64 * 1024


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
        headers = Request(scope).headers
        declared = headers.get("content-length", "0")
        if "content-length" in headers and "transfer-encoding" in headers:
            # A proxy may go by the other one; such a connection ends with the answer.
            refusal = problem_json(400, "Send Content-Length or Transfer-Encoding.")
            await refusal(scope, receive, send)
        elif not declared.isdecimal() or int(declared[:20]) > limit:
            await problem_json(413, _text(limit))(scope, receive, send)
        else:
            await self._app(scope, _Body(receive, limit), send)


class _Body:
    """Receives a body piece by piece, as large and as slow as it may be."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._taken = 0
        self._ends = time.monotonic() + BODY_SECONDS + limit / SLOWEST_BYTES_PER_SECOND
        self._whole = False

    async def __call__(self) -> Message:
        """Receive the next piece; after the last one, the end of the connection.

        Raises:
            HTTPException: 413, 408, or 400 where the connection ends before the body.
        """
        if self._whole:
            return await self._receive()
        seconds = min(PAUSE_SECONDS, self._ends - time.monotonic())
        try:
            async with asyncio.timeout(seconds):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The body did not arrive in time.") from None
        if message["type"] == "http.disconnect":
            raise HTTPException(400, "The connection ended before the body did.")
        self._taken += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._taken > self._limit:
            raise HTTPException(413, _text(self._limit))
        return message


def _text(limit: int) -> str:
    return f"The body is larger than {limit} bytes; send less at a time."
