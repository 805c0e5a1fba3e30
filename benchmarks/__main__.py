"""`make bench`: every benchmark, each with its floor in the same run."""

import subprocess
import sys
from pathlib import Path

NAMES = (
    "lifecycle",
    "people",
    "cost",
    "mails",
    "delivery",
    "matching",
    "wake.matching_loop",
    "engine",
    "codec",
    "console",
    "stalls",
    "wake",
)


def main() -> int:
    """Each in a process of its own, so that one does not warm another up."""
    root = Path(__file__).parent.parent
    return max(
        subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=root
        ).returncode
        for name in NAMES
    )


if __name__ == "__main__":
    sys.exit(main())
