"""A server in a network namespace of its own, and the relay by which its own account reaches it.

`python -m binome.stack.enclosed_server HOST:PORT... -- COMMAND...` The command listens
on these addresses in the namespace, and this process on the same ones outside of it.
A relay that dies takes the server along, so that nothing remains that nobody reaches.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from functools import partial

from binome.stack import network_namespace
from binome.stack.own_account import Address, OwnAccountListener, owners_are_known
from binome.stack.parent_death import end_with_parent

_BUFFER = memoryview(bytearray(256 * 1024))
"""All connections share it: what was read is handed on before anything else is read."""


class RelayEnd(asyncio.BufferedProtocol):
    """One of the two connections that are relayed to each other."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.other: RelayEnd | None = None
        self._ended = False
        self._early = b""
        """What came before there was the other one: Python 3.11.2 reads on where it is told to pause at once."""

    def join(self, other: "RelayEnd") -> None:
        self.other = other
        other.transport.write(self._early)
        self._early = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return _BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        received = bytes(_BUFFER[:nbytes])
        if self.other is None:
            self._early += received
        else:
            self.other.transport.write(received)

    def eof_received(self) -> bool:
        """Hand the end of one direction on; returns whether the other direction is still open."""
        self._ended = True
        if self.other is None:
            return True
        self.other.transport.write_eof()
        return not self.other._ended

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None:
            self.other.transport.close()


class OuterEnd(RelayEnd):
    """The connection that came; it opens the one to the server before it reads."""

    def __init__(self, server: Address) -> None:
        super().__init__()
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.pause_reading()
        self._connecting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, inner = await loop.create_connection(RelayEnd, *self._server)
        except OSError:
            self.transport.abort()
            return
        inner.join(self)
        self.join(inner)
        if self.transport.is_closing():
            inner.transport.close()
        else:
            self.transport.resume_reading()


async def serve(listeners: list[OwnAccountListener], command: list[str]) -> int:
    """Run the command to its end; returns its exit code."""
    server = await asyncio.create_subprocess_exec(
        *command,
        start_new_session=True,  # a signal comes once, by way of this process
        preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL),
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _send, server, number)
    async with asyncio.TaskGroup() as tasks:
        relaying = tasks.create_task(_relay(listeners))
        code = await server.wait()
        relaying.cancel()
    return code if code >= 0 else 128 - code  # as a shell has it


def _send(server: Process, number: int) -> None:
    with suppress(ProcessLookupError):
        server.send_signal(number)


async def _relay(listeners: list[OwnAccountListener]) -> None:
    """Take connections once the server listens everywhere; those that came before have waited."""
    addresses: list[Address] = [listener.getsockname() for listener in listeners]
    for address in addresses:
        await _until_it_listens(address)
    loop = asyncio.get_running_loop()
    for listener, address in zip(listeners, addresses, strict=True):
        await loop.create_server(partial(OuterEnd, address), sock=listener)


async def _until_it_listens(address: Address) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(*address)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def command(server: list[str], *listens_on: Address) -> list[str]:
    """The command line that runs another one enclosed; it listens on all these addresses."""
    addresses = [f"{host}:{port}" for host, port in listens_on]
    return [sys.executable, "-m", __name__, *addresses, "--", *server]


def can_enclose() -> bool:
    """Whether the kernel gives this account a namespace, and says who opened a connection."""
    return network_namespace.can_enter() and owners_are_known()


def main(words: list[str]) -> int:
    """Open the listeners outside, and everything else in the namespace."""
    end_of_addresses = words.index("--")
    listeners = [
        OwnAccountListener(host, int(port))
        for host, _, port in (word.rpartition(":") for word in words[:end_of_addresses])
    ]
    parent = os.getppid()
    network_namespace.enter()
    end_with_parent(parent, signal.SIGKILL)  # a change of rights may have cleared it
    return asyncio.run(serve(listeners, words[end_of_addresses + 1 :]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
