"""A gateway over fakes behind real sockets, and raw connections to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn

from gateway.edge.connections import (
    LARGEST_HEAD_BYTES,
    BoundedConnection,
    ConnectionRoom,
)
from tests.support.accounts import COOKIE
from tests.unit.gateway.factories import House, house

HOST = "127.0.0.1"


@dataclass
class Served:
    """A gateway that listens, and the class of its connections."""

    house: House
    port: int
    console_port: int
    room: ConnectionRoom

    @property
    def signed_in(self) -> str:
        """The header with which an administrator's browser comes."""
        return f"Cookie: {COOKIE}={self.house.browser.cookies[COOKIE]}"

    async def connect(
        self, port: int | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(HOST, port or self.port)

    async def status(self, sent: bytes, port: int | None = None) -> int:
        """Send raw bytes; returns the status of the answer, 0 where the connection is closed."""
        reader, writer = await self.connect(port)
        try:
            writer.write(sent)
            await writer.drain()
            line = await reader.readline()
        except ConnectionError:
            return 0
        finally:
            writer.close()
        return int(line.split()[1]) if line else 0


@asynccontextmanager
async def served(
    *,
    most_connections: int = 100,
    two_listeners: bool = False,
    idle_seconds: float = 5,
) -> AsyncIterator[Served]:
    """Serve on free ports until the end of the block."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(2)]
    port, console_port = (each.getsockname()[1] for each in sockets)
    room = ConnectionRoom(most_connections)
    connection = type("Connection", (BoundedConnection,), {"room": room})
    async with house(console_port=console_port if two_listeners else None) as made:
        server = uvicorn.Server(
            uvicorn.Config(
                made.app,
                http=connection,
                h11_max_incomplete_event_size=LARGEST_HEAD_BYTES,
                ws="none",
                timeout_keep_alive=idle_seconds,  # type: ignore[arg-type]  # a fraction does
                log_config=None,
                access_log=False,
                proxy_headers=False,
            )
        )
        serving = asyncio.create_task(server._serve(sockets))
        try:
            while not server.started:
                await asyncio.sleep(0)
            yield Served(made, port, console_port, room)
        finally:
            server.should_exit = True
            await serving


def request(
    method: str, path: str, *headers: str, host: str = "localhost", body: bytes = b""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
