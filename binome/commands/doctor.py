"""The command `binome doctor`, which checks an installation."""

import asyncio
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.doctor import checks, runs, workers
from binome.doctor.diagnosis import Diagnosis
from binome.printing import print_json, say
from binome.servers import find_servers
from schemas.wording.counted import counted
from workers.settings import SettingsInvalid

Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="First start again what was terminated, reset or lost, from what is on record.",
    ),
]
WorkerOnly = Annotated[
    bool,
    typer.Option(
        "--worker",
        help="Check only whether a worker is at work, as a container's health check does.",
    ),
]


def command(
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
    repair: Repair = False,
    worker_only: WorkerOnly = False,
) -> None:
    """Say what is wrong with this installation, and what to do about it."""
    repaired = [_repaired(data)] if repair else []
    found = [*repaired, *_diagnoses(data, worker_only)]
    if as_json:
        print_json(found)
    else:
        for each in found:
            mark = "ok   " if each.healthy else "WRONG"
            say(f"{mark} {each.subject}: {each.found}")
            if each.remedy:
                say(f"      {each.remedy}")
    if not all(each.healthy for each in found):
        raise typer.Exit(1)


def _repaired(data: Data) -> Diagnosis:
    """Returns what the reconciler repaired; what it left is in the diagnoses that
    follow.
    """
    report = asyncio.run(runs.repair(find_servers(data)))
    found = counted(sum(report.found.values()), "run was", "runs were")
    done = f"repaired {report.repaired}, left {report.left}, failed {report.failed}"
    remedy = "see the worker's log; the next run tries again" if report.failed else ""
    return Diagnosis(
        "reconciled",
        not report.failed,
        f"{found} not as the record has them; {done}. What changed within the last minute waits",
        remedy,
    )


def _diagnoses(data: Data, worker_only: bool) -> list[Diagnosis]:
    try:
        servers = find_servers(data)
    except SettingsInvalid as error:
        remedy = (
            "start one (binome up) or name its folder (--data); or correct the settings"
        )
        wrong = [
            Diagnosis("settings", False, "missing or wrong", problem)
            for problem in error.problems
        ]
        return [Diagnosis("stack", False, f"none runs in {data}", remedy), *wrong]
    if worker_only:
        return [asyncio.run(workers.worker(servers))]
    complete = Diagnosis("settings", True, "complete")
    return [complete, *asyncio.run(checks.examine(servers))]
