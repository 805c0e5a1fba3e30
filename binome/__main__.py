"""The command line: `binome`, or `python -m binome`."""

import os
import sys
from collections.abc import Callable

import structlog

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.migrate import MigrationRefused
from binome import processes
from binome.errors import CommandFailed, CommandRefused
from binome.printing import warn
from workers.installation import OtherInstallation
from workers.logging import configure_logging
from workers.settings import SettingsInvalid

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
        _command()()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except Exception as error:
        return _report(_first(error))
    return 0


def _command() -> Callable[[], object]:
    """What the command line asks for.

    The processes of a deployment load no other command, and start a third of a second sooner.
    """
    match sys.argv[1:]:
        case ["worker"]:
            return processes.worker
        case ["gateway"]:
            return processes.gateway
        case _:
            from binome.command_line import app

            return app


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
