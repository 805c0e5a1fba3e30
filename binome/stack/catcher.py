"""The mail catcher: takes every mail by SMTP and keeps it as a file instead of sending it on.

`python -m binome.stack.catcher PORT FOLDER [--own-account-only]`
"""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP

from binome.stack.own_account import OWN_ACCOUNT_ONLY, listener_on
from binome.stack.ports import LOOPBACK


class Catcher:
    """Keeps each mail as a file whose name sorts by arrival, and only then accepts it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        name = f"{time.time_ns()}-{uuid4().hex[:8]}.eml"
        await asyncio.to_thread(self._keep, name, envelope.content)
        return "250 kept"

    def _keep(self, name: str, content: bytes) -> None:
        fresh = self._folder / f".{name}"
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._folder / name)


async def serve(listener: socket.socket, folder: Path) -> None:
    """Receive mails by SMTP until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    catcher = Catcher(folder)
    server = await loop.create_server(
        lambda: SMTP(catcher, enable_SMTPUTF8=True, hostname="catcher"), sock=listener
    )
    async with server:
        await ended.wait()


if __name__ == "__main__":
    own_account_only = OWN_ACCOUNT_ONLY in sys.argv
    opened = listener_on(LOOPBACK, int(sys.argv[1]), own_account_only=own_account_only)
    asyncio.run(serve(opened, Path(sys.argv[2])))
