"""What stands before gateways where there are several: each request goes to the next one that is there."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from typing import NamedTuple

from binome.stack.ports import LOOPBACK

OF_PARTICIPANTS = ("/q/", "/events", "/static/", "/healthz", "/readyz")
"""docs/platform.md, "In front of it"; everything else is the console's."""


class GatewayPorts(NamedTuple):
    participants: int
    console: int


@asynccontextmanager
async def proxy(port: int, gateways: Sequence[GatewayPorts]) -> AsyncIterator[None]:
    """Listen until the end of the block; no request sticks to a gateway."""
    turn = cycle(range(len(gateways)))
    serving: set[asyncio.Task[None] | None] = set()

    async def serve(client: StreamReader, answers: StreamWriter) -> None:
        serving.add(asyncio.current_task())  # nothing else keeps it
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await client.readuntil(b"\r\n\r\n")
            first, _, rest = head.partition(b"\r\n")
            path = first.split()[1].decode()
            one = 0 if path.startswith(OF_PARTICIPANTS) else 1
            begin = next(turn)
            order = [*gateways[begin:], *gateways[:begin]]
            server, asked = await _reached([ports[one] for ports in order])
            asked.write(first + b"\r\nConnection: close\r\n" + _without_keeping(rest))
            body = asyncio.create_task(_hand_on(client, asked))
            await _hand_on(server, answers)
            body.cancel()
            asked.close()
        answers.close()
        serving.discard(asyncio.current_task())

    async with await asyncio.start_server(serve, LOOPBACK, port):
        yield


async def _reached(ports: Sequence[int]) -> tuple[StreamReader, StreamWriter]:
    for port in ports:
        with suppress(ConnectionError):
            return await asyncio.open_connection(LOOPBACK, port)
    raise ConnectionRefusedError("no gateway is there")


def _without_keeping(headers: bytes) -> bytes:
    lines = headers.split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join(kept)


async def _hand_on(source: StreamReader, target: StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
