"""How much memory a worker may use, and how many workflows it keeps in it."""

import os
from pathlib import Path

CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux says what a container may use, version 2 and 1; `max` or no file: as much as there is."""
BYTES_A_WORKFLOW = 200_000
"""A cached pair, rounded up: `python -m benchmarks.memory` measures it."""
SHARE = 1 / 3
"""Part of the memory that is for cached workflows; the rest is for the program, matching and others."""
FEWEST, MOST = 1_000, 20_000
UNKNOWN_BYTES = 1_200_000_000
"""Where no system says how much memory there is: room for 2,000 workflows."""


def workflows_that_fit() -> int:
    """Returns how many workflows this process should keep at most."""
    return fitting(memory_bytes(CGROUP_LIMITS))


def fitting(memory: int) -> int:
    return min(MOST, max(FEWEST, int(memory * SHARE) // BYTES_A_WORKFLOW))


def memory_bytes(limits: tuple[Path, ...]) -> int:
    """Returns the machine's memory, or a limit in one of these files where it is lower."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        machine = UNKNOWN_BYTES
    return min([machine, *filter(None, map(_limit, limits))])


def _limit(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
