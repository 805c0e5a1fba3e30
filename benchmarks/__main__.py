"""`make bench`: every benchmark, each with its floor in the same run.

Their results are kept in `benchmarks/results/`, for docs/scale.md.
"""

import os
import subprocess
import sys
from pathlib import Path

NAMES = (
    "lifecycle",
    "people",
    "cost",
    "replay",
    "start",
    "memory",
    "mails",
    "delivery",
    "matching",
    "cohorts",
    "wake.matching_loop",
    "engine",
    "codec",
    "console",
    "crowd",
    "storage",
    "stalls",
    "wake",
)


def main() -> int:
    """Each in a process of its own, so that one does not warm another up."""
    root = Path(__file__).parent.parent
    return max(
        subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"],
            cwd=root,
            env={**os.environ, "BENCH_KEEP": "1"},
        ).returncode
        for name in NAMES
    )


if __name__ == "__main__":
    sys.exit(main())
