"""`binome accounts list | add | roles | revoke | password`."""

import asyncio
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.errors import CommandRefused
from binome.printing import print_json, print_table, say, warn
from binome.servers import ServerAddresses, find_servers
from schemas.records.access import Account, AccountRole, Grant, is_login
from schemas.wording.hidden_characters import find_hidden

app = typer.Typer(
    help="Who may sign in to the console, and read the API.", no_args_is_help=True
)
BY_COMMAND = "command"
"""In the record of decisions, for whoever may run commands on this database."""
Login = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Address or short name, such as olga@example.org."
    ),
]
Roles = Annotated[
    list[AccountRole],
    typer.Option("--role", help="What the account is for; may be given several times."),
]
Programme = Annotated[
    str | None,
    typer.Option(metavar="PROGRAMME", help="Only there; everywhere without it."),
]
Region = Annotated[
    str | None,
    typer.Option(metavar="REGION", help="Only in this region of the programme."),
]
Person = Annotated[
    str | None,
    typer.Option(
        metavar="ID", help="The organisation's id of a supervisor or sponsor."
    ),
]


@app.command("list")
def list_accounts(data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """Who may sign in, who no longer may, and what each was granted."""
    accounts = asyncio.run(_list(find_servers(data)))
    if as_json:
        print_json(accounts)
        return
    print_table(
        "Accounts",
        ("name", "shown as", "roles", "signs in by", "id"),
        [(a.login, a.name, _granted(a), _ways(a), a.actor) for a in accounts],
    )


@app.command("add")
def add(
    login: Login,
    role: Roles,
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="As pages show it.")
    ] = None,
    programme: Programme = None,
    region: Region = None,
    person: Person = None,
    token: Annotated[
        bool,
        typer.Option("--token", help="For a script: make a bearer token, and no link."),
    ] = False,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Add an account. Prints a link that signs in once, or with --token a bearer token."""
    grants = _grants(role, programme, region)
    if name and (hidden := find_hidden(name)):
        raise CommandRefused(f"--name: {hidden}")
    made = asyncio.run(
        _add(find_servers(data), _login(login), name, grants, person, token)
    )
    _hand_over(made, as_json, token=token)


@app.command("roles")
def change_roles(
    login: Login,
    role: Roles,
    programme: Programme = None,
    region: Region = None,
    person: Person = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Replace what an account was granted; it holds from its next click."""
    grants = _grants(role, programme, region)
    asyncio.run(_change(find_servers(data), _login(login), grants, person))


@app.command("revoke")
def revoke(login: Login, data: Data = DEFAULT_DATA) -> None:
    """End an account: its sessions, its password and its token open nothing from now on."""
    if not asyncio.run(_revoke(find_servers(data), _login(login))):
        raise CommandRefused("no account has this name; `binome accounts list`")


@app.command("password")
def password(login: Login, data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """Print a link that signs in once, and lets them choose a new password."""
    _hand_over(asyncio.run(_link(find_servers(data), _login(login))), as_json)


def _login(login: str) -> str:
    if not is_login(login.lower()):
        raise CommandRefused(
            "NAME is no address or short name; allowed: letters, digits, and . _ @ + -"
        )
    return login.lower()


def _grants(
    roles: list[AccountRole], programme: str | None, region: str | None
) -> tuple[Grant, ...]:
    if region and not programme:
        raise CommandRefused("--region needs --programme")
    within = {
        "programme": code("--programme", programme) if programme else None,
        "region": code("--region", region) if region else None,
    }
    return tuple(Grant(role=role, **within) for role in roles)


def _granted(account: Account) -> str:
    if account.revoked_at:
        return f"revoked {account.revoked_at:%Y-%m-%d}"
    return ", ".join(
        " ".join(filter(None, (grant.role, grant.programme, grant.region)))
        for grant in account.grants
    )


def _ways(account: Account) -> str:
    ways = [
        name
        for name, has in (
            ("password", account.has_password),
            ("token", account.has_token),
        )
        if has
    ]
    return ", ".join(ways)


def _hand_over(made: str, as_json: bool, *, token: bool = False) -> None:
    if as_json:
        print_json({"token" if token else "link": made})
        return
    say(made)
    warn(
        "This is shown once. Send it with each request: Authorization: Bearer TOKEN"
        if token
        else "This is shown once, signs in once, and is void after a day."
    )


async def _list(servers: ServerAddresses) -> list[Account]:
    async with servers.store() as store:
        return await store.accounts.listing()


async def _add(
    servers: ServerAddresses,
    login: str,
    name: str | None,
    grants: tuple[Grant, ...],
    person: str | None,
    token: bool,
) -> str:
    async with servers.store() as store:
        known = await store.accounts.by_login(login)
        if known and known.revoked_at is None:
            raise CommandRefused(
                "there is such an account; change it by: binome accounts roles"
            )
        if person:
            found = await store.people.find_external(person)
            if found is None:
                raise CommandRefused("--person: nobody was imported with this id")
            person, name = found.person, name or found.name
        made = await store.accounts.add(login, name or login, grants, person)
        await store.access_trail.decides(BY_COMMAND, made.actor, "add_account")
        if token:
            return await store.accounts.new_token(made.actor)
        return _url(servers, await store.sign_ins.make_link(made.actor))


async def _change(
    servers: ServerAddresses,
    login: str,
    grants: tuple[Grant, ...],
    person: str | None,
) -> None:
    async with servers.store() as store:
        known = await store.accounts.by_login(login)
        if known is None or known.revoked_at:
            raise CommandRefused("no account has this name; `binome accounts list`")
        found = await store.people.find_external(person) if person else None
        if person and found is None:
            raise CommandRefused("--person: nobody was imported with this id")
        await store.access_trail.decides(BY_COMMAND, known.actor, "change_roles")
        await store.accounts.add(
            login, known.name, grants, found.person if found else known.person
        )


async def _revoke(servers: ServerAddresses, login: str) -> bool:
    async with servers.store() as store:
        known = await store.accounts.by_login(login)
        if known:
            await store.access_trail.decides(BY_COMMAND, known.actor, "revoke_account")
        return await store.accounts.revoke(login)


async def _link(servers: ServerAddresses, login: str) -> str:
    async with servers.store() as store:
        known = await store.accounts.by_login(login)
        if known is None or known.revoked_at:
            raise CommandRefused("no account has this name; `binome accounts list`")
        await store.access_trail.decides(BY_COMMAND, known.actor, "make_sign_in_link")
        return _url(servers, await store.sign_ins.make_link(known.actor))


def _url(servers: ServerAddresses, token: str) -> str:
    return f"{servers.settings.console_address()}/sign-in/link/{token}"
