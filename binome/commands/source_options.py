"""Options of `binome sources`."""

from typing import Annotated, Any

import typer

from domain.sources.granting import PRESETS, Preset, short_name

MAKE_ONE = "new"
"""In place of the file with a secret."""


def _kind(kind: Preset) -> Any:
    types = ", ".join(sorted(map(short_name, PRESETS[kind].types)))
    columns = "; all columns of people" if PRESETS[kind].columns else ""
    return typer.Option(f"--{kind.value}", help=f"It sends {types}{columns}.")


LearningPlatform = Annotated[bool, _kind(Preset.LEARNING_PLATFORM)]
Directory = Annotated[bool, _kind(Preset.DIRECTORY)]
Survey = Annotated[bool, _kind(Preset.SURVEY)]
Calendar = Annotated[bool, _kind(Preset.CALENDAR)]
SourceName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Name of the service, such as learning-platform."
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
Secret = Annotated[
    str | None,
    typer.Option(
        "--secret",
        metavar="FILE|new",
        help="It signs (Standard Webhooks) with the secret in this file (-: the input), or with a new one.",
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
