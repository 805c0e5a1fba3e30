"""Temporal of `binome up`, exchanged for the server of docker-compose.yml on the stack's own PostgreSQL.

`python standin.py SERVER DATA PORT UI_HOST UI_PORT`, in place of the dev server's command.
"""

import asyncio
import signal
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from binome.stack.postgres import Cluster
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.composed import Composed, make_accounts, make_secrets
from tests.support.cluster.places import Places
from tests.support.waiting import until

NO_UI = (
    b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


async def run(server: ServerFolder, data: Path, port: int, ui: tuple[str, int]) -> None:
    """Serve until SIGTERM or SIGINT. It is ready when the Web UI's port takes connections."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    folder = data / "cluster"
    folder.mkdir(mode=0o700, exist_ok=True)
    cluster = await _postgres_of(data)
    places = Places.drawn(folder, server, cluster.port, port)
    composed = Composed(places, postgres_is_there=True)
    try:
        await _prepare(places, cluster)
        await composed.bring_up("temporal-namespace")
        async with await asyncio.start_server(_answer, *ui):
            await stopped.wait()
    finally:
        await composed.stop()


async def _postgres_of(data: Path) -> Cluster:
    """The stack's own, once it is ready; its port is in its lock file."""
    cluster = Cluster(data / "postgres", 0)

    async def ready() -> bool:
        return cluster.ready()

    await until(ready)
    port = int((data / "postgres/postmaster.pid").read_text().splitlines()[3])
    return Cluster(data / "postgres", port)


async def _prepare(places: Places, cluster: Cluster) -> None:
    """What is done once, as PostgreSQL's image does with a new data folder."""
    done = places.folder / "accounts-made"
    if not done.exists():
        make_secrets(places.folder)
        await make_accounts(places, cluster)
        done.touch()


async def _answer(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.readline()
    writer.write(NO_UI)
    await writer.drain()
    writer.close()


if __name__ == "__main__":
    path, folder, port, host, ui_port = sys.argv[1:]
    asyncio.run(
        run(ServerFolder(Path(path)), Path(folder), int(port), (host, int(ui_port)))
    )
