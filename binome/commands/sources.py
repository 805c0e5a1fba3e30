"""`binome sources`: services that may send events, and what each of them may send."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.commands.source_options import (
    MAKE_ONE,
    Calendar,
    Columns,
    Directory,
    LearningPlatform,
    OldUntil,
    Programmes,
    Secret,
    SourceName,
    Survey,
    Types,
    Until,
)
from binome.commands.source_texts import end_in_words, grant_in_words, listing_row
from binome.errors import CommandRefused
from binome.printing import print_json, print_table, say, warn
from binome.servers import ServerAddresses, find_servers
from domain.sources.credentials import LIFE, OVERLAP, moment
from domain.sources.granting import GrantInvalid, Preset, scope_of
from domain.sources.messages import read_rules
from domain.sources.webhook_signatures import read_secret, written_secret
from schemas.records.inbox import PAGE_SOURCE
from schemas.records.sources import SourceScope
from schemas.wording.counted import counted
from workers.secrets import SOURCES, derived_keys

if TYPE_CHECKING:
    from activities.persistence.messages.sources import SealedSecret
    from activities.persistence.store import Store
    from schemas.records.sources import SourceListing

app = typer.Typer(
    help="Services that may send events, and what each may send.", no_args_is_help=True
)
SECRET_BYTES = 32
_Made = TypeVar("_Made")


class Signing(NamedTuple):
    """The secret with which a service signs."""

    secret: bytes
    made: bool
    """By us, so that the service is to be shown it."""


@app.command("add")
def add(  # noqa: PLR0913, PLR0917 - a command has one for each of its options
    name: SourceName,
    learning_platform: LearningPlatform = False,
    directory: Directory = False,
    survey: Survey = False,
    calendar: Calendar = False,
    types: Types = None,
    columns: Columns = None,
    programmes: Programmes = None,
    until: Until = f"{LIFE.days} days",
    secret: Secret = None,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Grant a service to send events, and make its token. What it had before ends."""
    if code("NAME", name) == PAGE_SOURCE:
        raise CommandRefused(
            "NAME is taken: what people answer on their pages has this source; choose another"
        )
    chosen = {
        Preset.LEARNING_PLATFORM: learning_platform,
        Preset.DIRECTORY: directory,
        Preset.SURVEY: survey,
        Preset.CALENDAR: calendar,
    }
    kinds = [kind for kind, given in chosen.items() if given]
    scope = _scope(kinds, types or [], columns or [], programmes or [])
    ends_at, signing = _moment("--until", until), _signing(secret)

    async def adding(store: "Store", servers: ServerAddresses) -> None:
        token = await store.sources.add(name, scope, ends_at, _sealed(servers, signing))
        _show(servers, name, token or signing, as_json=as_json)
        warn(f"It may send {grant_in_words(scope)}, {end_in_words(ends_at)}.")

    _with_store(data, adding)


@app.command("list")
def listing(data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """List the services, what they may send, until when, and when they last did."""

    async def listed(store: "Store", _: ServerAddresses) -> list["SourceListing"]:
        return await store.sources.listing()

    found = _with_store(data, listed)
    if as_json:
        print_json(found)
        return
    columns = ("name", "sends", "columns", "programmes", "by", "ends", "last used")
    now = datetime.now(UTC)
    print_table("Sources", columns, [listing_row(each, now) for each in found])


@app.command("rotate")
def rotate(
    name: SourceName,
    old_until: OldUntil = f"{OVERLAP.days} days",
    until: Until = f"{LIFE.days} days",
    secret: Secret = None,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Make another token or secret for a service; the old one works until a stated time."""
    ends_at, older = _moment("--until", until), _moment("--old-until", old_until)
    if older is None:
        raise CommandRefused(
            "--old-until: it must end; allowed: a duration, a date, or now"
        )
    given = _signing(secret)

    async def rotating(store: "Store", servers: ServerAddresses) -> None:
        known = await _in_force(store, name)
        if given and not known.signed:
            raise CommandRefused(
                "--secret: this service has a token; `binome sources add` changes that"
            )
        signing = (given or _signing(MAKE_ONE)) if known.signed else None
        token = await store.sources.rotate(
            name, ends_at, older, _sealed(servers, signing)
        )
        _show(servers, name, token or signing, as_json=as_json)
        warn(
            f"The old one works {end_in_words(older)}, the new one {end_in_words(ends_at)}."
        )

    _with_store(data, rotating)


@app.command("messages")
def messages(
    name: SourceName,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, metavar="FILE", help="TOML."
        ),
    ],
    data: Data = DEFAULT_DATA,
) -> None:
    """Say which events a service's own messages are, where it sends no CloudEvents."""

    async def setting(store: "Store", _: ServerAddresses) -> None:
        known = await _in_force(store, name)
        try:
            rules = read_rules(file.read_text("utf-8"), known.scope)
        except UnicodeDecodeError:
            raise CommandRefused("FILE: not UTF-8") from None
        except GrantInvalid as error:
            raise CommandRefused(str(error)) from None
        await store.sources.set_rules(name, rules)
        say(f"{name}: {counted(len(rules), 'rule')}.")

    _with_store(data, setting)


@app.command("revoke")
def revoke(
    name: SourceName,
    planned_too: Annotated[
        bool,
        typer.Option(
            "--planned-too", help="Drop its changes of people for a day to come."
        ),
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """End a service's access at once. What it sent before stays."""

    async def revoking(store: "Store", _: ServerAddresses) -> None:
        await _in_force(store, name)
        await store.sources.revoke(name)
        say(f"{name} may send nothing from now on.")
        if planned_too:
            dropped = await store.people_updates.drop_planned(name)
            say(f"{counted(dropped, 'planned change')} of people dropped.")
        elif planned := await store.people_updates.planned(name):
            warn(
                f"{counted(planned, 'change')} of people that it sent for a day to come"
                " will still be made; --planned-too drops such changes."
            )

    _with_store(data, revoking)


def _with_store(
    data: Path, work: Callable[["Store", ServerAddresses], Awaitable[_Made]]
) -> _Made:
    async def working() -> _Made:
        servers = find_servers(data)
        async with servers.store() as store:
            return await work(store, servers)

    return asyncio.run(working())


async def _in_force(store: "Store", name: str) -> "SourceListing":
    for each in await store.sources.listing():
        if each.name == name and each.revoked_at is None:
            return each
    raise CommandRefused(
        "NAME: no such source, or it was revoked; `binome sources list` names them"
    )


def _scope(
    kinds: list[Preset], types: list[str], columns: list[str], programmes: list[str]
) -> SourceScope:
    only = [code("--programme", each) for each in programmes]
    try:
        return scope_of(kinds, types, columns, only)
    except GrantInvalid as error:
        raise CommandRefused(str(error)) from None


def _moment(option: str, text: str) -> datetime | None:
    try:
        return moment(text, datetime.now(UTC))
    except ValueError as error:
        raise CommandRefused(f"{option}: {error}") from None


def _signing(file: str | None) -> Signing | None:
    """The secret in a file, or one that is made; None: the service has a token."""
    if file is None:
        return None
    if file == MAKE_ONE:
        return Signing(secrets.token_bytes(SECRET_BYTES), made=True)
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        return Signing(read_secret(text), made=False)
    except OSError:
        raise CommandRefused("--secret: the file cannot be read") from None
    except ValueError as error:
        raise CommandRefused(f"--secret: {error}") from None


def _sealed(servers: ServerAddresses, signing: Signing | None) -> "SealedSecret | None":
    from activities.persistence.messages.sources import SealedSecret

    if signing is None:
        return None
    return SealedSecret(signing.secret, derived_keys(servers.settings, SOURCES)[0])


def _show(
    servers: ServerAddresses,
    name: str,
    credential: str | Signing | None,
    *,
    as_json: bool,
) -> None:
    """Print what the service needs, once; a secret that it gave itself is not repeated."""
    address = f"{servers.settings.public_url}/events"
    shown = {"source": name, "address": address}
    if isinstance(credential, str):
        shown["token"] = credential
        use = "Send it with each event: Authorization: Bearer TOKEN"
    else:
        shown["address"] = f"{address}?source={name}"
        use = f"The service signs with it, and posts to {shown['address']}"
    if isinstance(credential, Signing) and credential.made:
        shown["secret"] = written_secret(credential.secret)
    if as_json:
        print_json(shown)
        return
    say(shown.get("token") or shown.get("secret") or shown["address"])
    warn(f"This is shown once; what is kept does not show it. {use}")
