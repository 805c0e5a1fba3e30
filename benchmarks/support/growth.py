"""What grows: bytes of PostgreSQL and of Temporal's file, memory of processes, histories."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import asyncpg
from temporalio.client import Client

from benchmarks.support.counting import Cost, cost_of
from benchmarks.support.one_machine import OneMachine

MB = 1_000_000


class Sizes(NamedTuple):
    """Megabytes at one moment."""

    postgres: float
    temporal_file: float
    memory: dict[str, float]
    """Resident, by part, its children included."""


async def sizes_of(stack: OneMachine, sql: asyncpg.Connection) -> Sizes:
    postgres = await sql.fetchval("select pg_database_size(current_database())") / MB
    files = sum(
        path.stat().st_size
        for path in stack.folder.rglob("*temporal*")
        if path.is_file() and not path.name.endswith(".log")
    )
    memory = {name: _resident(pid) for name, pid in stack.processes.items()}
    return Sizes(postgres, files / MB, memory)


def _resident(pid: int) -> float:
    """MB that a process and its children have for themselves, where there is a /proc."""
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if pid in (parent, int(folder.name)):
                pages = int((folder / "statm").read_text().split()[1])
                shared = int((folder / "statm").read_text().split()[2])
                total += (pages - shared) * 4096
        except OSError:
            continue
    return total / MB


async def cost_of_all(client: Client, workflow_ids: Sequence[str]) -> Cost:
    """Actions and events of all runs of these."""
    total = Cost()
    for workflow_id in workflow_ids:
        total += await cost_of(client, workflow_id)
    return total
