"""The commands `binome erase` and `binome export`: what is held about one person, and its end."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.errors import CommandFailed, CommandRefused
from binome.printing import print_json, say, warn
from binome.servers import ServerAddresses, find_servers
from gateway.caught_mails import remove_mails_naming
from schemas.wording.counted import counted

if TYPE_CHECKING:
    from schemas.people import Person
    from schemas.records.erasures import Erasure

WAIT_SECONDS = 60
LOOK_SECONDS = 0.5

_Person = Annotated[
    str,
    typer.Argument(metavar="PERSON", help="The organisation's id of the person."),
]

_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")]
_By = Annotated[
    str,
    typer.Option("--by", metavar="WHO", help="Who asked for it, for the receipt."),
]
_Wait = Annotated[
    int,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        min=0,
        help="How long to wait until the person's pairs have ended.",
    ),
]


def erase(
    person: _Person,
    yes: _Yes = False,
    by: _By = "command-line",
    wait: _Wait = WAIT_SECONDS,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Erase a person for good, and print the receipt. Cut short, it is begun again and goes on."""
    servers = find_servers(data)
    if not yes and not typer.confirm(
        f"Erase {person} for good? Their pairs end; nothing of it can be taken back",
        err=True,
    ):
        raise CommandRefused("nothing was erased; confirm it, or give --yes")
    found, live = asyncio.run(_erase(servers, data, person, by, wait))
    if as_json:
        print_json(found)
    else:
        from domain.erasure.wording import receipt_lines

        for line in receipt_lines(found):
            say(line)
    if found.finished_at is None:
        raise CommandFailed(
            f"{counted(len(live), 'pair')} of this person did not end within {counted(wait, 'second')}:"
            f" {', '.join(live[:5])}. See that gateway and worker run, then give the command again"
        )


async def _erase(
    servers: ServerAddresses, data: Path, external_id: str, by: str, wait: int
) -> tuple["Erasure", list[str]]:
    async with servers.store() as store:
        person = await store.people.find_external(external_id)
        digests = _digests(servers, external_id)
        if person is None:
            if (done := await store.erasures.find(digests)) is None:
                raise CommandRefused(
                    "PERSON: nobody has this id, and nobody of this id was erased"
                )
            return done, []
        await store.erasures.begin(person.person, digests[0], by)
        live = await _ended(lambda: store.erasures.pairs_to_end(person.person), wait)
        # Before the names go, which say which mails to look for; and after it, for
        # those that were under way meanwhile.
        _remove_mails(servers, data, person)
        erasure = await store.erasures.carry_out(person)
        if erasure.finished_at:
            _remove_mails(servers, data, person)
        return erasure, live


async def _ended(live: Callable[[], Awaitable[list[str]]], seconds: int) -> list[str]:
    """Wait until no pair is left, and return those that are left when the time is over."""
    left = await live()
    for _ in range(round(seconds / LOOK_SECONDS)):
        if not left:
            break
        await asyncio.sleep(LOOK_SECONDS)
        left = await live()
    return left


def _remove_mails(servers: ServerAddresses, data: Path, person: "Person") -> None:
    folder = data / "mails" if servers.stack else servers.settings.mails_dir
    if folder is None:
        return
    names = (person.name, person.email, person.external_id)
    if removed := remove_mails_naming(folder, names):
        warn(f"{counted(removed, 'mail')} removed from {folder}")


def _digests(servers: ServerAddresses, external_id: str) -> list[str]:
    from domain.erasure.digests import keyed_digest
    from workers.secrets import ERASURES, derived_keys

    keys = derived_keys(servers.settings, ERASURES)
    return [keyed_digest(key, external_id) for key in keys]


def export(person: _Person, data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """Print all that is held about a person, for the person alone."""
    from domain.erasure.wording import export_document, export_lines

    held = asyncio.run(_export(find_servers(data), person))
    if as_json:
        print_json(export_document(person, held))
        return

    for line in export_lines(held):
        say(line)


async def _export(servers: ServerAddresses, external_id: str) -> dict[str, Any]:
    async with servers.store() as store:
        found = await store.people.find_external(external_id)
        if found is None:
            raise CommandRefused("PERSON: nobody has this id; nothing is held")
        await store.access_trail.read("command", "export", found.person)
        return await store.erasures.held_about(found.person)
