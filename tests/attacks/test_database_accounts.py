"""Row 9 and 13: any account of the machine is PostgreSQL's superuser; worker, gateway and Temporal are one account."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from binome.stack.ports import free_port
from binome.stack.postgres import Cluster, binaries
from domain.people.column_names import COLUMNS
from tests.support.postgres_server import serving

SCRIPT = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sh"
ACCOUNTS = ("binome_owner", "binome_worker", "binome_gateway", "temporal", "backup")


class Accounts:
    """A server with the accounts of the compose file, and the databases migrated."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def url(self, account: str, database: str = "binome") -> str:
        where = f"127.0.0.1:{self.cluster.port}"
        return f"postgresql://{account}:{account}-password@{where}/{database}"

    async def ask(
        self, account: str, statement: str, database: str = "binome"
    ) -> object:
        connection = await asyncpg.connect(self.url(account, database))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def cluster(open_folder: Path) -> Iterator[Cluster]:
    found = Cluster(open_folder / "accounts", free_port(), durable=False)
    with serving(found, open_folder / "accounts.log"):
        yield found


@pytest.fixture(scope="session")
def made(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Made by the very script that PostgreSQL's image runs."""
    secrets = tmp_path_factory.mktemp("secrets")
    for account in ACCOUNTS:
        (secrets / f"{account}_password").write_text(f"{account}-password")
    ran = subprocess.run(
        ["sh", str(SCRIPT)],
        env={
            "PATH": f"{binaries()}:{os.environ['PATH']}",
            "SECRETS": str(secrets),
            "PGDATA": str(cluster.data),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(cluster.port),
            "PGUSER": "postgres",
            "PGPASSWORD": password_of(cluster),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return Accounts(cluster)


@pytest.fixture(scope="session")
async def accounts(made: Accounts) -> Accounts:
    await migrate(made.url("binome_owner"))
    return made


def password_of(cluster: Cluster) -> str:
    return cluster.url().partition("postgres:")[2].partition("@")[0]


@pytest.mark.parametrize("password", ["", ":postgres", ":wrong"])
async def test_no_account_of_the_machine_is_the_superuser(
    cluster: Cluster, password: str
) -> None:
    url = f"postgresql://postgres{password}@127.0.0.1:{cluster.port}/postgres"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url)


def test_the_superuser_s_password_is_closed_to_other_accounts(cluster: Cluster) -> None:
    file = cluster.data.with_name(f"{cluster.data.name}.password")
    assert file.stat().st_mode & 0o077 == 0


def test_no_command_line_shows_the_password(cluster: Cluster) -> None:
    password = password_of(cluster)
    assert not any(password in word for word in cluster.command())


@pytest.mark.parametrize("account", ["binome_worker", "binome_gateway"])
@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (a int)",
        "create function mine() returns int language sql as 'select 1'",
        "alter table pulses add column mine int",
        "drop table pulses",
        "truncate pulses",
        "alter table ledger disable trigger all",
        "update ledger set reason = 'other'",
        "update access_log set actor = 'other'",
        "delete from match_decisions",
        "delete from migrations",
        "delete from data_keys",
        "create role mine login superuser",
        "alter role binome_owner password 'mine'",
        "set role binome_owner",
        "copy pulses from program 'id'",
        "copy pulses to '/tmp/marks'",
        "select pg_read_file('/etc/passwd')",
        "select rolpassword from pg_authid",
    ],
)
async def test_what_no_part_may_do_is_refused(
    accounts: Accounts, account: str, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await accounts.ask(account, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into transitions default values",
        "delete from ledger",
        "delete from access_log",
        "delete from archived_ledger",
        "select drop_archive_months('2100-01-01')",
    ],
)
async def test_the_gateway_changes_nothing_that_is_past(
    accounts: Accounts, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await accounts.ask("binome_gateway", statement)


@pytest.mark.parametrize(
    ("account", "database"),
    [
        ("temporal", "binome"),
        ("binome_worker", "temporal"),
        ("binome_gateway", "temporal"),
        ("binome_gateway", "temporal_visibility"),
        ("binome_owner", "temporal"),
    ],
)
async def test_no_part_reaches_the_database_of_another(
    accounts: Accounts, account: str, database: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await accounts.ask(account, "select 1", database)


async def test_temporal_makes_its_tables_in_its_own_database(
    accounts: Accounts,
) -> None:
    await accounts.ask("temporal", "create table theirs (a int)", "temporal")


@pytest.mark.parametrize("account", ["binome_worker", "binome_gateway"])
async def test_each_part_reads_what_it_needs(accounts: Accounts, account: str) -> None:
    async with await Store.open(accounts.url(account)) as store:
        assert await store.people.role_counts() == {}


@pytest.mark.parametrize("account", ["binome_worker", "binome_gateway"])
async def test_each_part_imports_and_erases_people(
    accounts: Accounts, account: str
) -> None:
    cells = {
        "external_id": account,
        "name": "Ana",
        "email": "ana@example.org",
        "region": "comex",
    }
    line = ",".join(cells.get(column, "") for column in COLUMNS)
    async with await Store.open(accounts.url(account)) as store:
        found = await store.imports.apply(f"{','.join(COLUMNS)}\n{line}\n".encode())
        assert (found.problems, found.added) == ((), 1)
        person = await store.people.find_external(account)
        assert person is not None
        await store.erasures.begin(person.person, "digest", "ops")
        assert (await store.erasures.carry_out(person)).finished_at is not None


async def test_the_worker_opens_and_drops_the_archive_s_months(
    accounts: Accounts,
) -> None:
    await accounts.ask("binome_worker", "select open_archive_months('{2020-01-01}')")
    dropped = await accounts.ask(
        "binome_worker", "select drop_archive_months('2020-03-01')"
    )
    assert dropped == "archived_ledger_2020_01"


async def test_migrating_again_changes_no_grant(accounts: Accounts) -> None:
    assert await migrate(accounts.url("binome_owner")) == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await accounts.ask("binome_gateway", "delete from ledger")
