"""The command line: `binome`, or `python -m binome`."""

import os
import sys

import structlog
import typer

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.migrate import MigrationRefused
from binome.commands import (
    accounts,
    builds,
    doctor,
    erase,
    links,
    match,
    people,
    privacy,
    programmes,
    report,
    serve,
    sources,
    up,
)
from binome.errors import CommandFailed, CommandRefused
from binome.printing import warn
from workers.installation import OtherInstallation
from workers.logging import configure_logging
from workers.settings import SettingsInvalid

app = typer.Typer(
    name="binome",
    help="Run reverse-mentoring programmes. `binome up --demo` shows all of it on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("up")(up.command)
app.command("worker")(serve.worker)
app.command("gateway")(serve.gateway)
app.command("migrate")(serve.migrate)
app.command("import", cls=people.Command)(people.command)
app.command("start")(programmes.start)
app.command("status")(programmes.status)
app.command("report")(report.command)
app.add_typer(match.app, name="match")
app.add_typer(links.app, name="links")
app.add_typer(sources.app, name="sources")
app.add_typer(accounts.app, name="accounts")
app.add_typer(privacy.app, name="privacy")
app.add_typer(builds.app, name="builds")
app.command("export")(erase.export)
app.command("erase")(erase.erase)
app.command("doctor")(doctor.command)

_REFUSED = (CommandRefused, OtherInstallation, SettingsInvalid)
"""The caller's mistakes: exit code 2."""
_FAILED = (CommandFailed, DatabaseUnavailable, MigrationRefused)
"""The command was right and could not be carried out: exit code 1."""


def main() -> None:
    """Run one command and leave with its exit code.

    By `os._exit`: the Temporal SDK can crash while the interpreter shuts down, and exit codes would lie.
    """
    code = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run() -> int:
    configure_logging("warning", "console")
    try:
        app()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except Exception as error:
        return _report(_first(error))
    return 0


def _report(error: BaseException) -> int:
    """Say on the terminal why the command ended; returns its exit code."""
    if isinstance(error, (*_REFUSED, *_FAILED)):
        warn(f"binome: {error}")
        return 2 if isinstance(error, _REFUSED) else 1
    structlog.get_logger("binome").error(
        "the command failed in a way that it should not", exc_info=error
    )
    return 1


def _first(error: BaseException) -> BaseException:
    """The first of several errors that were raised at once."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


if __name__ == "__main__":
    main()
