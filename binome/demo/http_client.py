"""A component may be unavailable for a while: everybody waits and tries again, as people do."""

import asyncio

import httpx

RETRY_SECONDS = 0.5
"""Seconds between two tries of one request."""


class RetryingTransport(httpx.AsyncBaseTransport):
    """Repeats a request until somebody answers it. All that is sent here may be sent twice."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, pause: float = RETRY_SECONDS
    ) -> None:
        self._inner, self._pause = inner, pause

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        while True:
            try:
                response = await self._inner.handle_async_request(request)
            except httpx.TransportError:
                await asyncio.sleep(self._pause)
                continue
            if not response.is_server_error:
                return response
            await response.aclose()
            await asyncio.sleep(self._pause)

    async def aclose(self) -> None:
        await self._inner.aclose()


def retrying_client(gateway: str, console_token: str) -> httpx.AsyncClient:
    """Returns a client that retries, and uses no proxy: the gateway is on this machine."""
    headers = {"authorization": f"Bearer {console_token}"}
    transport = RetryingTransport(httpx.AsyncHTTPTransport())
    return httpx.AsyncClient(
        base_url=gateway,
        transport=transport,
        timeout=20,
        trust_env=False,
        headers=headers,
    )
