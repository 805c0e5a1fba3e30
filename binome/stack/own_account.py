"""Listeners on loopback that serve their own account alone, among all accounts of the machine.

Linux says who opened a connection over loopback (`sock_diag`, as `ss -e` asks it).
"""

import errno
import os
import socket
import struct
import sys
import time
from typing import Any

Address = tuple[str, int]

OURS = frozenset({0, os.geteuid()})
"""Root may do everything anyway."""
OWN_ACCOUNT_ONLY = "--own-account-only"
"""Word of the command line of a part that is to listen so."""
LOG_SECONDS = 60.0
"""An account that is refused is logged so often at most."""

_SOCK_DIAG_BY_FAMILY = 20
_NETLINK_SOCK_DIAG = 4
_NLM_F_REQUEST = 1
_ANY_STATE = 0xFFFFFFFF
_NO_COOKIE = (0xFFFFFFFF, 0xFFFFFFFF)
_ESTABLISHED = 1
_HEADER = struct.Struct("=IHHII")
_QUESTION = struct.Struct("=BBBxI")
_PORTS = struct.Struct("!HH")
_INTERFACE_AND_COOKIE = struct.Struct("=III")
_ANSWER = struct.Struct("=BBBB48xIIIII")


class ConnectionOwners:
    """Says which account opened a connection over loopback, in the network namespace in which this was made."""

    def __init__(self) -> None:
        self._kernel = socket.socket(
            socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG
        )
        self._kernel.settimeout(1)
        self._asked = 0

    def find(self, opened_from: Address, opened_to: Address) -> int | None:
        """Returns the user id; None: whoever opened it has closed it, or the kernel does not say.

        A socket that nobody holds any more has the user id 0: whoever opens, sends and
        closes would pass for root.
        """
        self._asked = (self._asked + 1) % 2**32
        try:
            self._kernel.send(_question(self._asked, opened_from, opened_to))
            answer = self._kernel.recv(8192)
        except OSError:
            return None
        _, kind, _, asked, _ = _HEADER.unpack_from(answer)
        if (kind, asked) != (_SOCK_DIAG_BY_FAMILY, self._asked):
            return None
        _, state, _, _, _, _, _, uid, inode = _ANSWER.unpack_from(answer, _HEADER.size)
        held = state == _ESTABLISHED and inode != 0
        return int(uid) if held else None

    def close(self) -> None:
        self._kernel.close()


def _question(number: int, opened_from: Address, opened_to: Address) -> bytes:
    """The kernel's `inet_diag_req_v2` for one TCP socket over IPv4."""
    asked = b"".join(
        [
            _QUESTION.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, _ANY_STATE),
            _PORTS.pack(opened_from[1], opened_to[1]),
            *(socket.inet_aton(end[0]) + bytes(12) for end in (opened_from, opened_to)),
            _INTERFACE_AND_COOKIE.pack(0, *_NO_COOKIE),
        ]
    )
    length = _HEADER.size + len(asked)
    header = (length, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, number, 0)
    return _HEADER.pack(*header) + asked


class OwnAccountListener(socket.socket):
    """A listening TCP socket whose `accept` closes what another account opened."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.bind((host, port))
        self.listen()  # at once: a port that is only bound can be taken by another account
        self._owners = ConnectionOwners()
        self._logged: dict[int, float] = {}

    def accept(self) -> tuple[socket.socket, Any]:
        """Returns the next connection of this account, or of root.

        Raises:
            ConnectionAbortedError: it was another account's. Who waits for more goes on
                as after any that was broken off, so that one who connects without end
                keeps nothing else from its turn.
        """
        connection, opened_from = super().accept()
        owner = self._owners.find(opened_from, connection.getsockname())
        if owner in OURS:
            return connection, opened_from
        connection.close()
        if owner is not None:
            self._log(owner)
        raise ConnectionAbortedError(errno.ECONNABORTED, "of another account")

    def _log(self, owner: int) -> None:
        now = time.monotonic()
        if now - self._logged.get(owner, -LOG_SECONDS) >= LOG_SECONDS:
            self._logged[owner] = now
            host, port = self.getsockname()
            sys.stderr.write(
                f"a connection of account {owner} to {host}:{port} was refused: it is not of who runs this stack\n"
            )


def listener_on(host: str, port: int, *, own_account_only: bool) -> socket.socket:
    """Returns a listening socket for everybody on this machine, or for its own account alone."""
    if own_account_only:
        return OwnAccountListener(host, port)
    return socket.create_server((host, port))


def owners_are_known() -> bool:
    """Whether the kernel says who opened a connection."""
    if sys.platform != "linux":
        return False
    try:
        owners = ConnectionOwners()
    except OSError:
        return False
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as connection,
    ):
        found = owners.find(connection.getsockname(), listener.getsockname())
    owners.close()
    return found == os.geteuid()
