"""The one-machine stack that benchmarks drive: `binome up` in a process of its own."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

PORTS = ("port", "temporal-port", "ui-port", "postgres-port", "smtp-port")
START_SECONDS = 300
"""Longest wait for a stack, on the busiest machine."""


class OneMachine(NamedTuple):
    """A running stack: its folder, its addresses as in `stack.json`, its parts' process numbers."""

    folder: Path
    addresses: dict[str, Any]
    processes: dict[str, int]


@asynccontextmanager
async def one_machine() -> AsyncIterator[OneMachine]:
    """A fresh stack on free ports, that is stopped and forgotten with the block."""
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101 - root's PostgreSQL account has to reach it
        data = Path(name) / "data"
        words = ["up", f"--data={data}", *(f"--{port}=0" for port in PORTS)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "binome", *words, stdout=DEVNULL, stderr=DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            async with asyncio.timeout(START_SECONDS):
                while not (data / "stack.json").exists():
                    assert process.returncode is None, "binome up has ended"
                    await asyncio.sleep(0.2)
            addresses = json.loads((data / "stack.json").read_text())
            yield OneMachine(
                data, addresses, {**_parts(data), "binome up": process.pid}
            )
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def _parts(data: Path) -> dict[str, int]:
    """Process numbers of the stack's parts."""
    noted = json.loads((data / "processes.json").read_text())
    return {name: child["pid"] for name, child in noted.items()}
