"""The command `binome sources add`, which makes a bearer token for a service."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.errors import CommandRefused
from binome.printing import print_json, say, warn
from binome.servers import find_servers
from schemas.records.inbox import PAGE_SOURCE

app = typer.Typer(help="Services that may send events.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Name of the service, such as learning-platform."
        ),
    ],
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Make a bearer token for a service that sends events. An earlier one of that name ends."""
    if code("NAME", name) == PAGE_SOURCE:
        raise CommandRefused(
            "NAME is taken: what people answer on their pages has this source; choose another"
        )
    token = asyncio.run(_add(data, name))
    if as_json:
        print_json({"source": name, "token": token})
        return
    say(token)
    warn(
        "This is shown once; only its digest is kept. Send it with each event: Authorization: Bearer TOKEN"
    )


async def _add(data: Path, name: str) -> str:
    async with find_servers(data).store() as store:
        return await store.sources.add(name)


@app.callback()
def _group() -> None:
    """A group, though it has one command yet."""
