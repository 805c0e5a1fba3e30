"""A one-machine stack beside a benchmark, and the numbers of its processes."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path


async def start_stack(data: Path, *options: str) -> Process:
    ports = ("port", "temporal-port", "ui-port", "postgres-port", "smtp-port")
    words = [
        "-m",
        "binome",
        "up",
        f"--data={data}",
        *(f"--{name}=0" for name in ports),
        *options,
    ]
    return await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=DEVNULL, stderr=DEVNULL
    )


async def stack_addresses(data: Path) -> dict[str, str]:
    for _ in range(600):
        if (data / "stack.json").exists():
            break
        await asyncio.sleep(0.2)
    found: dict[str, str] = json.loads((data / "stack.json").read_text())
    return found


def stack_parts(data: Path) -> dict[str, int]:
    """Process numbers of the stack's parts."""
    return {
        name: child["pid"]
        for name, child in json.loads((data / "processes.json").read_text()).items()
    }
