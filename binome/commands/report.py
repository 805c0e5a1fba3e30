"""`binome report`: what came of a programme, for a spreadsheet or a slide."""

import asyncio
import csv
import sys
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.commands.programmes import status_of
from binome.errors import CommandRefused
from binome.printing import print_json, print_table
from binome.servers import find_servers
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Outcome

COLUMNS = (
    "region",
    "wave",
    "status",
    "pairs",
    *(outcome.value for outcome in Outcome),
    "sessions_held",
    "mean_pulse",
    "mean_pulse_text",
    "mean_pulse_released",
)
TABLE_HEADINGS = {
    **{name: name.replace("_", " ") for name in COLUMNS if name != "mean_pulse"},
    "mean_pulse_text": "mean pulse",
    "mean_pulse_released": "released",
}
"""What the table shows of a line: the mean once, as it is published."""
Line = dict[str, str | int | float | None]


def command(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="Its code.")],
    as_csv: Annotated[
        bool, typer.Option("--csv", help="CSV with a header, for a spreadsheet.")
    ] = False,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Report what came of a programme, a line a region and wave: counts, and means as released."""
    if as_csv and as_json:
        raise CommandRefused("--csv and --json exclude each other; give one of them")
    found = asyncio.run(status_of(find_servers(data), code("PROGRAMME", programme)))
    lines = report(found)
    if as_json:
        print_json(
            {"programme": found.programme, "at": found.date_shown, "regions": lines}
        )
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    else:
        at = f"{found.programme}, {found.status}, {found.date_shown:%Y-%m-%d %H:%M} UTC"
        print_table(
            at,
            list(TABLE_HEADINGS.values()),
            [tuple(line[name] for name in TABLE_HEADINGS) for line in lines],
        )


def report(status: ProgrammeStatus) -> list[Line]:
    """A line a cohort, in the order of the document; regions that have not opened are left out."""
    return [_line(region) for region in status.regions if region.opened]


def _line(region: RegionStatus) -> Line:
    outcomes: Line = {
        outcome.value: region.outcomes.get(outcome, 0) for outcome in Outcome
    }
    release = region.release
    return {
        "region": region.region,
        "wave": region.wave,
        "status": region.status,
        "pairs": region.pairs,
        **outcomes,
        "sessions_held": region.sessions_held,
        "mean_pulse": region.mean_pulse,
        "mean_pulse_text": release.mean_text if release else None,
        "mean_pulse_released": release.at.date().isoformat() if release else None,
    }
