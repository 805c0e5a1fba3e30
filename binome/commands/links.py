"""`binome links close`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.errors import CommandRefused
from binome.printing import print_json, say
from binome.servers import find_servers
from schemas.wording.counted import counted

app = typer.Typer(
    help="Links to participants' pages, as mails have them.", no_args_is_help=True
)


@app.command("close")
def close(
    person: Annotated[
        str,
        typer.Argument(metavar="PERSON", help="Id of the person in your organisation."),
    ],
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Close every link that a person has, and mail the current ones to their address."""
    mailed = asyncio.run(_close(data, person))
    if as_json:
        print_json({"person": person, "pairs_mailed": mailed})
        return
    pairs = counted(mailed, "pair", "pairs")
    say(f"Every link of this person is closed. Current ones are mailed for {pairs}.")


async def _close(data: Path, external_id: str) -> int:
    from gateway.closing_links import close_links

    async with find_servers(data).store() as store:
        person = None
        if external_id.isprintable():  # else it is no text that PostgreSQL could hold
            person = await store.people.find_external(external_id)
        if person is None:
            raise CommandRefused(
                "PERSON is unknown; give the external_id of the people file"
            )
        return await close_links(store, person, "command", datetime.now(UTC))


@app.callback()
def _group() -> None:
    """A group, though it has one command yet."""
