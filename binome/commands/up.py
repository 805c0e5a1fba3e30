"""The command `binome up`, which runs the one-machine stack."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA
from binome.errors import CommandRefused
from binome.printing import warn
from binome.stack.ports import Ports
from binome.stack.up import StackOptions, up


def _port(name: str, what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        name, min=0, max=65535, metavar="PORT", help=f"Port of {what}; 0: a free one."
    )
    return option


Encrypt = Annotated[
    bool,
    typer.Option(
        "--encrypt",
        help="Encrypt Temporal's histories from now on, with a key made in the folder.",
    ),
]


ExitWhenDone = Annotated[
    bool,
    typer.Option(
        "--exit-when-done", help="With --demo: stop once its programme has ended."
    ),
]
TrustAccounts = Annotated[
    bool,
    typer.Option(
        "--trust-accounts",
        help="Let other accounts of this machine reach Temporal, its Web UI and the mail catcher.",
    ),
]


def command(  # noqa: PLR0913, PLR0917 - one for each option
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Import the example people and play a whole programme."
        ),
    ] = False,
    exit_when_done: ExitWhenDone = False,
    encrypt: Encrypt = False,
    trust_accounts: TrustAccounts = False,
    data: Annotated[
        Path,
        typer.Option(
            "--data",
            metavar="FOLDER",
            help="Where everything is kept; made when it is not there.",
        ),
    ] = DEFAULT_DATA,
    port: Annotated[int, _port("--port", "console and gateway")] = Ports.gateway,
    temporal_port: Annotated[
        int, _port("--temporal-port", "Temporal")
    ] = Ports.temporal,
    ui_port: Annotated[int, _port("--ui-port", "the Temporal Web UI")] = Ports.ui,
    postgres_port: Annotated[
        int, _port("--postgres-port", "PostgreSQL")
    ] = Ports.postgres,
    smtp_port: Annotated[int, _port("--smtp-port", "the mail catcher")] = Ports.smtp,
) -> None:
    """Run all of Binôme on this machine. Started again, it goes on where it was."""
    if exit_when_done and not demo:
        raise CommandRefused(
            "--exit-when-done needs --demo: without it nothing is ever done"
        )
    ports = Ports(port, temporal_port, ui_port, postgres_port, smtp_port)
    options = StackOptions(data, ports, demo, exit_when_done, encrypt, trust_accounts)
    asyncio.run(up(options, warn))
