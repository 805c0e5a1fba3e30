"""Connections that send slowly, or by the thousand, take no room from others.

uvicorn has no time-out before a request is whole, and reads as much at once as the
kernel has. Here a connection that keeps us waiting is closed in time, gives way sooner
where room is needed, and hands on a little at a time, so that nobody waits behind one
large piece.
"""

import asyncio
import resource
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

HEAD_SECONDS = 10.0
"""From the connection, or the first byte of a later request, to the end of its head."""
LINGER_SECONDS = 2.0
"""How long a body that nobody wants is still read after the answer, so that it arrives."""
REQUEST_SECONDS = 900.0
"""The longest request of all: a people file of 40 MB that comes slowly."""
PIECE_BYTES = 16 * 1024
LARGEST_HEAD_BYTES = 16 * 1024
MOST_HEAD_LINES = 120
"""Each is looked at with several patterns; browsers and proxies send a third of them."""
MOST_CONNECTIONS = 1000
OTHER_DESCRIPTORS = 128
"""Left for PostgreSQL, Temporal, files and what is being accepted."""


class ConnectionRoom:
    """The connections of one process; those that wait for their client give way, oldest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: set[BoundedConnection] = set()
        self._half_sent: OrderedDict[BoundedConnection, None] = OrderedDict()
        self._idle: OrderedDict[BoundedConnection, None] = OrderedDict()

    def enter(self, connection: "BoundedConnection") -> bool:
        """Take a new connection in; False: all others are at work, and it has to go."""
        if len(self._open) >= self._most:
            waiting = self._half_sent or self._idle
            if not waiting:
                return False
            oldest = next(iter(waiting))
            self.leave(oldest)
            oldest.transport.abort()
        self._open.add(connection)
        self._half_sent[connection] = None
        return True

    def leave(self, connection: "BoundedConnection") -> None:
        self._open.discard(connection)
        self.works(connection)

    def waits(self, connection: "BoundedConnection", *, idle: bool = False) -> None:
        """It has sent a part of a request; or, idle, nothing since its last one."""
        if connection in self._open:
            self.works(connection)
            (self._idle if idle else self._half_sent)[connection] = None

    def works(self, connection: "BoundedConnection") -> None:
        """Its request is whole: it waits for us."""
        self._half_sent.pop(connection, None)
        self._idle.pop(connection, None)


class BoundedConnection(H11Protocol, asyncio.BufferedProtocol):
    """A connection with a time for each part of a request, read a piece at a time."""

    room: ConnectionRoom

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._buffer = bytearray(PIECE_BYTES)
        self._ends: asyncio.TimerHandle | None = None
        self._in_head = False
        self._head_lines = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self.room.enter(self):
            transport.abort()
            return
        self._in_head = True
        self._end_after(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self.room.leave(self)
        self._end_after(None)
        super().connection_lost(exc)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(self._buffer[:nbytes])
        if self.conn.their_state is h11.IDLE and not self._head_fits(data):
            self.send_400_response(f"More than {MOST_HEAD_LINES} lines of headers.")
        else:
            self.data_received(data)

    def _head_fits(self, data: bytes) -> bool:
        """Count the lines of a head, whose time begins with its first byte."""
        if not self._in_head:
            self._in_head, self._head_lines = True, 0
            self._end_after(HEAD_SECONDS)
            self.room.waits(self)
        self._head_lines += data.partition(b"\r\n\r\n")[0].count(b"\n")
        return self._head_lines <= MOST_HEAD_LINES

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; where an answer is under way already it cannot be said any more."""
        if self.cycle is not None and not self._answered():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            self.transport.abort()

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not None and self.cycle is not before:
            if _has_two_lengths(self.cycle.scope["headers"]):
                self.cycle.keep_alive = False
            self._in_head = False
            self._end_after(REQUEST_SECONDS)
        if self.cycle is not None and not self._answered():
            if self.cycle.more_body:
                self.room.waits(self)
            else:
                self.room.works(self)

    def on_response_complete(self) -> None:
        unread = self.cycle.more_body
        self.room.waits(self, idle=not unread)
        self._end_after(LINGER_SECONDS if unread else None)
        super().on_response_complete()

    def _answered(self) -> bool:
        return self.cycle is not None and self.cycle.response_complete

    def _end_after(self, seconds: float | None) -> None:
        if self._ends is not None:
            self._ends.cancel()
        self._ends = (
            None
            if seconds is None
            else self.loop.call_later(seconds, self.transport.abort)
        )


def _has_two_lengths(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """A proxy may go by the other one, and hand on as a request what is behind it (RFC 9112, 6.1)."""
    names = {name for name, _ in headers}
    return {b"content-length", b"transfer-encoding"} <= names


def bounded_connections() -> type[BoundedConnection]:
    """Returns the connections of a process: as many as its descriptors allow, raised as far as they go."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_DESCRIPTORS
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = ConnectionRoom(max(16, min(MOST_CONNECTIONS, soft - OTHER_DESCRIPTORS)))
    return type("GatewayConnection", (BoundedConnection,), {"room": room})
