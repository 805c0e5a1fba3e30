"""`binome doctor`."""

import asyncio
from typing import Annotated

import typer

from binome import runs
from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.doctor import examine
from binome.findings import Finding
from binome.printing import print_json, say
from binome.where import find
from schemas.counted import counted
from workers.settings import SettingsInvalid

Mend = Annotated[
    bool,
    typer.Option(
        "--mend",
        help="First start again what was terminated, reset or lost, from what is on record.",
    ),
]


def command(
    data: Data = DEFAULT_DATA, as_json: Json = False, mend: Mend = False
) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    findings = [*([_mended(data)] if mend else []), *_findings(data)]
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            say(
                f"{'ok   ' if finding.well else 'WRONG'} {finding.what}: {finding.found}"
            )
            if finding.mend:
                say(f"      {finding.mend}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def _mended(data: Data) -> Finding:
    """What the reconciler did; what it left is among the findings that follow."""
    report = asyncio.run(runs.mend(find(data)))
    found = counted(sum(report.found.values()), "run was", "runs were")
    told = f"{found} not as the record has them; mended {report.mended}, left {report.left}, failed {report.failed}"
    mend = "see the worker's log; the next run tries again" if report.failed else ""
    return Finding(
        "reconciled",
        not report.failed,
        f"{told}. What changed within the last minute waits",
        mend,
    )


def _findings(data: Data) -> list[Finding]:
    try:
        where = find(data)
    except SettingsInvalid as error:
        mend = (
            "start one (binome up) or name its folder (--data); or correct the settings"
        )
        nowhere = Finding("stack", False, f"none runs in {data}", mend)
        return [
            nowhere,
            *(
                Finding("settings", False, "missing or wrong", problem)
                for problem in error.problems
            ),
        ]
    return [Finding("settings", True, "complete"), *asyncio.run(examine(where))]
