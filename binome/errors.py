"""Why a command ends without having done what was asked; `binome.__main__` prints the message and exits by the kind."""


class CommandRefused(Exception):
    """The command cannot be carried out as asked; the message says why and what to do. Exit code 2."""


class CommandFailed(Exception):
    """The command was right and could not be carried out; the message says why. Exit code 1."""


class StackFailed(CommandFailed):
    """A component does not run, and the stack cannot go on; the message is for the person at the terminal."""


class PostgresFailed(CommandFailed):
    """PostgreSQL did not start; the message holds its last lines."""


class ServerNotReached(CommandFailed):
    """A server does not answer; the message says which, and what to do."""


class NotInstalled(CommandFailed):
    """A package of the one-machine stack is missing from this installation."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f'{package} is not installed, and the one-machine stack needs it; run: pip install "binome[stack]"'
        )
