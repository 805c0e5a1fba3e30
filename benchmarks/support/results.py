"""Keeps what benchmarks print: a JSON file each in `benchmarks/results/`, with machine, commit and load.

Only where `BENCH_KEEP` is set, as by `make bench`: a run beside other work is not worth it.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "results"


_tables: list[dict[str, Any]] = []


def keep_table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Write the file of the benchmark that runs, with all tables that it has printed."""
    if not os.environ.get("BENCH_KEEP"):
        return
    _tables.append(
        {"title": title, "header": [*header], "rows": [[*row] for row in rows]}
    )
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{_benchmark()}.json"
    file.write_text(
        json.dumps({**_circumstances(), "tables": _tables}, indent=2) + "\n"
    )


def _benchmark() -> str:
    """Returns the name of the module that was started: `cost` of `python -m benchmarks.cost`."""
    spec = sys.modules["__main__"].__spec__
    return spec.name.removesuffix(".__main__").rpartition(".")[2] if spec else "unnamed"


def _circumstances() -> dict[str, Any]:
    settings = {
        name: value
        for name, value in sorted(os.environ.items())
        if name.startswith("BENCH_") and name != "BENCH_KEEP"
    }
    return {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}",
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "changed_since": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "settings": settings,
        "arguments": sys.argv[1:],
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": round(
                os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
            ),
            "system": platform.system(),
            "python": platform.python_version(),
            "load_of_a_minute": round(os.getloadavg()[0], 1),
        },
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    models = [
        line.partition(":")[2].strip()
        for line in lines
        if line.startswith("model name")
    ]
    return models[0] if models else platform.processor()


def _git(*words: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    found = subprocess.run(
        [git, *words], cwd=FOLDER.parent, capture_output=True, text=True, check=False
    )
    return found.stdout.strip()
