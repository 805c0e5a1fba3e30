"""`binome doctor`."""

import asyncio

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.doctor import Finding, examine
from binome.printing import print_json, say
from binome.where import find
from workers.settings import SettingsInvalid


def command(data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    findings = _findings(data)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            say(f"{'ok   ' if finding.well else 'WRONG'} {finding.what}: {finding.found}")
            if finding.mend:
                say(f"      {finding.mend}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def _findings(data: Data) -> list[Finding]:
    try:
        where = find(data)
    except SettingsInvalid as error:
        found = f"missing or wrong, and no stack runs in {data}"
        return [Finding("settings", False, found, problem) for problem in error.problems]
    return [Finding("settings", True, "complete"), *asyncio.run(examine(where))]
