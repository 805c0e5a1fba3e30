"""Numbered SQL files, each applied once, in order, by one process at a time."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import asyncpg

MIGRATIONS = Path(__file__).parent / "migrations"
ROLES = Path(__file__).parent / "roles.sql"
"""What the accounts of worker and gateway may do."""
_LOCK = 0x42_49_4E_4F_4D_45
"""Advisory lock of the process that migrates; the others wait, then find nothing to do."""


class MigrationRefused(Exception):
    """The database and this release do not fit together; the message says how to repair it."""


@dataclass(frozen=True)
class Migration:
    """One file; its name without the ending is the version."""

    version: str
    text: str

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def shipped(folder: Path = MIGRATIONS) -> list[Migration]:
    return [
        Migration(file.stem, file.read_text("utf-8"))
        for file in sorted(folder.glob("*.sql"))
    ]


async def migrate(url: str, folder: Path = MIGRATIONS) -> list[str]:
    """Bring a database up to this release. Returns the versions that were applied now.

    Raises:
        MigrationRefused: an applied file was changed since, or the database belongs to a newer release.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        applied = await _apply(connection, shipped(folder))
        if folder == MIGRATIONS:
            await connection.execute(ROLES.read_text("utf-8"))
        return applied
    finally:
        await connection.close()


async def pending(url: str, folder: Path = MIGRATIONS) -> list[str]:
    """The versions that `migrate` would apply now; changes nothing and takes no lock.

    Raises:
        MigrationRefused: as `migrate`.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        exists = await connection.fetchval(
            "select to_regclass('migrations') is not null"
        )
        applied = await _applied(connection) if exists else {}
        return [migration.version for migration in to_apply(shipped(folder), applied)]
    finally:
        await connection.close()


async def _apply(
    connection: asyncpg.Connection, migrations: list[Migration]
) -> list[str]:
    await connection.execute(
        "create table if not exists migrations"
        " (version text primary key, digest text not null,"
        " applied_at timestamptz not null default now());"
        " comment on table migrations is 'One migration that was applied, and when.'"
    )
    missing = to_apply(migrations, await _applied(connection))
    for migration in missing:
        async with connection.transaction():
            await connection.execute(migration.text)
            await connection.execute(
                "insert into migrations (version, digest) values ($1, $2)",
                migration.version,
                migration.digest,
            )
    return [migration.version for migration in missing]


async def _applied(connection: asyncpg.Connection) -> dict[str, str]:
    rows = await connection.fetch("select version, digest from migrations")
    return {row["version"]: row["digest"] for row in rows}


def to_apply(migrations: list[Migration], applied: dict[str, str]) -> list[Migration]:
    """Returns the shipped migrations that the database does not have yet.

    Args:
        applied: the digest of each applied file by its version.

    Raises:
        MigrationRefused: an applied file was changed since, or is not shipped any more.
    """
    known = {migration.version: migration for migration in migrations}
    if newer := sorted(set(applied) - set(known)):
        raise MigrationRefused(
            f"the database was migrated by a newer release (it has {newer[-1]}); install that release or a later one"
        )
    if changed := [
        v for v, digest in sorted(applied.items()) if known[v].digest != digest
    ]:
        raise MigrationRefused(
            f"{changed[0]}.sql was changed after it was applied; restore that file and put the change into a new one"
        )
    return [migration for migration in migrations if migration.version not in applied]
