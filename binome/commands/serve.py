"""`binome worker`, `binome gateway`, `binome migrate`: the processes of a deployment. They read the settings alone."""

import asyncio

from binome.commands.options import DEFAULT_DATA, Data
from binome.errors import ServerNotReached
from binome.printing import say
from binome.servers import find_servers
from workers.logging import configure_logging
from workers.settings import load_settings


def worker() -> None:
    """Run workflows and activities until SIGTERM, as BINOME_* and TEMPORAL_* say."""
    from workers.build import run_worker

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(run_worker(settings))


def gateway() -> None:
    """Serve events, pages and console until SIGTERM, as BINOME_* and TEMPORAL_* say."""
    from binome.stack.gateway_process import serve

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(serve(settings))


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
