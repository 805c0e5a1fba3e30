"""The command line: `binome`, or `python -m binome`."""

import os
import sys

import structlog
import typer

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.migrate import MigrationRefused
from binome.commands import (
    doctor,
    match,
    people,
    programmes,
    report,
    serve,
    sources,
    up,
)
from binome.printing import warn
from binome.stack.children import StackFailed
from binome.stack.folder import DataFolderRefused
from binome.stack.postgres import PostgresFailed
from binome.where import NotReached
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
app.add_typer(sources.app, name="sources")
app.command("doctor")(doctor.command)

_REFUSALS = (DataFolderRefused, SettingsInvalid)
"""Mistakes of the caller: exit code 2."""
_FAILURES = (
    StackFailed,
    PostgresFailed,
    NotReached,
    DatabaseUnavailable,
    MigrationRefused,
)
"""The command was right and could not be done: exit code 1."""


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
        return _told(_first(error))
    return 0


def _told(error: BaseException) -> int:
    if isinstance(error, (*_REFUSALS, *_FAILURES)):
        warn(f"binome: {error}")
        return 2 if isinstance(error, _REFUSALS) else 1
    structlog.get_logger("binome").error(
        "the command failed in a way that it should not", exc_info=error
    )
    return 1


def _first(error: BaseException) -> BaseException:
    """Of several that failed at once, the one to tell."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


if __name__ == "__main__":
    main()
