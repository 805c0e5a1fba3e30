"""`binome migrate`: brings a database to this release."""

import asyncio

from binome.commands.options import DEFAULT_DATA, Data
from binome.errors import ServerNotReached
from binome.printing import say
from binome.servers import find_servers


def migrate(data: Data = DEFAULT_DATA) -> None:
    """Migrate the database to this release. Safe to run again, and by several at once."""
    from activities.persistence.migrate import migrate as apply_migrations

    try:
        applied = asyncio.run(
            apply_migrations(find_servers(data).settings.database_address())
        )
    except OSError:
        raise ServerNotReached(
            "PostgreSQL does not answer; `binome doctor` says more"
        ) from None
    say(
        "\n".join(f"applied {version}" for version in applied)
        or "nothing to do; the database is up to date"
    )
