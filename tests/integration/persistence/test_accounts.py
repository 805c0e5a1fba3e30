"""`binome accounts` over a real PostgreSQL, and what the accounts there keep."""

from pathlib import Path

import asyncpg
import pytest
from pytest import CaptureFixture, MonkeyPatch

from activities.persistence.store import Store
from schemas.records.access import AccountRole, Grant, SignInWay
from tests.support.terminal import Terminal
from tests.support.world import World

LOGIN = "olga@example.org"
MANAGER = ("--role", "programme_manager", "--programme", "pilot")


@pytest.fixture
def terminal(
    tmp_path: Path,
    capfd: CaptureFixture[str],
    database_url: str,
    monkeypatch: MonkeyPatch,
) -> Terminal:
    monkeypatch.setenv("BINOME_DATABASE_URL", database_url)
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)
    monkeypatch.setenv("BINOME_CONSOLE_URL", "https://console.example.org")
    return Terminal("accounts", tmp_path, capfd)


async def test_a_new_account_gets_a_link_to_the_console_that_is_known_by_its_digest(
    terminal: Terminal, store: Store, database_url: str
) -> None:
    link = (await terminal.json("add", LOGIN, *MANAGER))["link"]
    address, _, token = link.rpartition("/")
    found = await store.sign_ins.find_link(token)
    assert address == "https://console.example.org/sign-in/link"
    assert found is not None and found.account.login == LOGIN
    connection = await asyncpg.connect(database_url)
    kept = await connection.fetch("select * from sign_in_links")
    await connection.close()
    assert token not in repr(kept)


async def test_a_token_for_a_script_counts_until_it_is_revoked(
    terminal: Terminal, store: Store
) -> None:
    added = ("add", "monitoring", "--role", "viewer", "--token")
    token = (await terminal.json(*added))["token"]
    before = await store.accounts.by_token(token)
    await terminal.run("revoke", "monitoring")
    assert before is not None and before.login == "monitoring"
    assert await store.accounts.by_token(token) is None


async def test_roles_replace_one_another_and_keep_the_person(
    terminal: Terminal, world: World
) -> None:
    await terminal.run("add", LOGIN, "--role", "supervisor", "--person", "COACH")
    await terminal.run("roles", LOGIN, "--role", "viewer", "--programme", "pilot")
    account = await world.store.accounts.by_login(LOGIN)
    assert account is not None and account.person == world.ids["COACH"]
    assert account.grants == (Grant(role=AccountRole.VIEWER, programme="pilot"),)


async def test_a_revoked_account_keeps_nothing_that_opens(
    terminal: Terminal, store: Store
) -> None:
    link = (await terminal.json("add", LOGIN, *MANAGER))["link"]
    account = await store.accounts.by_login(LOGIN)
    assert account is not None
    cookie = await store.sign_ins.start(account.actor, SignInWay.LINK)
    await terminal.run("revoke", LOGIN)
    found = await store.sign_ins.find(cookie)
    assert found is not None and found.ended_at is not None
    assert await store.sign_ins.find_link(link.rpartition("/")[2]) is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "a/b", "--role", "viewer"), "no address or short name"),
        (("add", LOGIN, "--role", "viewer", "--region", "idf"), "needs --programme"),
        (("add", LOGIN, "--role", "viewer", "--person", "X"), "nobody was imported"),
        (("revoke", LOGIN), "no account has this name"),
        (("password", LOGIN), "no account has this name"),
        (("roles", LOGIN, "--role", "viewer"), "no account has this name"),
    ],
)
async def test_what_cannot_be_done_is_said(
    terminal: Terminal, words: tuple[str, ...], says: str
) -> None:
    code, _, err = await terminal.run(*words)
    assert (code, says in err) == (2, True)


async def test_what_commands_change_is_on_record(
    terminal: Terminal, store: Store
) -> None:
    await terminal.run("add", LOGIN, *MANAGER)
    await terminal.run("revoke", LOGIN)
    entries = await store.access_trail.entries()
    assert [(e.name, e.what) for e in entries] == [
        ("command", "revoke_account"),
        ("command", "add_account"),
    ]


async def test_lines_of_who_read_what_are_never_changed(
    store: Store, database_url: str
) -> None:
    await store.access_trail.read("a" * 14, "see_people", "")
    connection = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute("update access_log set actor = 'somebody else'")
    await connection.close()
