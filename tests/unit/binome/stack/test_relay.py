"""The relay before an enclosed server, without a namespace: it is as if the connection were to the server itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

import psutil
import pytest

from binome.stack.enclosed_server import OuterEnd
from tests.support.waiting import until


class Server:
    """Returns what it gets, reversed, once its client has ended."""

    def __init__(self) -> None:
        self.open = 0

    async def answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.open += 1
        writer.write((await reader.read())[::-1])
        writer.close()
        self.open -= 1


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def relay(server: Server) -> AsyncIterator[tuple[str, int]]:
    loop = asyncio.get_running_loop()
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0) as behind:
        address = behind.sockets[0].getsockname()
        before = await loop.create_server(partial(OuterEnd, address), "127.0.0.1", 0)
        async with before:
            yield before.sockets[0].getsockname()


@pytest.mark.parametrize("sent", [b"", b"one", bytes(range(256)) * 20_000])
async def test_everything_passes_both_ways(relay: tuple[str, int], sent: bytes) -> None:
    reader, writer = await asyncio.open_connection(*relay)
    writer.write(sent)
    writer.write_eof()
    assert await reader.read() == sent[::-1]
    writer.close()
    await until(partial(nothing_open, relay))


async def nothing_open(relay: tuple[str, int]) -> bool:
    found = psutil.Process().net_connections("tcp4")
    open_now = [each for each in found if each.status != psutil.CONN_LISTEN]
    return not [each for each in open_now if relay in (each.laddr, each.raddr)]


async def test_a_client_that_leaves_leaves_nothing_open(
    relay: tuple[str, int], server: Server
) -> None:
    _, writer = await asyncio.open_connection(*relay)
    writer.write(b"one")

    async def serves() -> bool:
        return server.open == 1

    await until(serves)
    writer.close()

    async def serves_nobody() -> bool:
        return server.open == 0

    await until(serves_nobody)


async def test_a_server_that_is_away_is_an_end_of_the_connection() -> None:
    loop = asyncio.get_running_loop()
    nowhere = partial(OuterEnd, ("127.0.0.1", 1))
    async with await loop.create_server(nowhere, "127.0.0.1", 0) as before:
        reader, writer = await asyncio.open_connection(*before.sockets[0].getsockname())
        with suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
