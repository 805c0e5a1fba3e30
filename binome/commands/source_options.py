"""Options of `binome sources`."""

from typing import Annotated

import typer

from domain.sources.granting import Preset

SourceName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Name of the service, such as learning-platform."
    ),
]
Kinds = Annotated[
    list[Preset] | None,
    typer.Option(
        "--kind",
        help="What it is, also as --directory and so on; a learning platform where nothing is said.",
    ),
]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="One more event, such as held."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="COLUMN", help="Of people only this; repeat it."),
]
Programmes = Annotated[
    list[str] | None,
    typer.Option(
        "--programme", metavar="CODE", help="Only pairs of this one; repeat it."
    ),
]
Until = Annotated[
    str,
    typer.Option(
        "--until",
        metavar="WHEN",
        help="When its token ends: a date, a duration such as `90 days`, or never.",
    ),
]
Signed = Annotated[
    str | None,
    typer.Option(
        "--signed",
        metavar="[=FILE]",
        help="It signs (Standard Webhooks), with the secret in this file or in the input (-); else one is made.",
    ),
]
OldUntil = Annotated[
    str,
    typer.Option(
        "--old-until",
        metavar="WHEN",
        help="Until when the old token works too: a duration, a date, or now.",
    ),
]
