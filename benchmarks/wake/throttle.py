"""Holds a process to a share of a core, as a container with a small limit is.

By a control group where one may be made, version 1 or 2; elsewhere by stopping and
continuing the process in turns, which counts wall time and so is less exact.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PERIOD_SECONDS = 0.1
GROUPS = Path("/sys/fs/cgroup")


@contextmanager
def held_to(share: float, pid: int) -> Iterator[str]:
    """Hold a process with its children to a share of a core for a block.

    Yields by which means, for people to read.
    """
    if group := _group(share, pid):
        try:
            yield "a control group"
        finally:
            (group.parent / "cgroup.procs").write_text(str(pid))
            with suppress(OSError):
                group.rmdir()
        return
    over = threading.Event()
    turns = threading.Thread(target=_in_turns, args=(share, pid, over))
    turns.start()
    try:
        yield "stopping and continuing in turns"
    finally:
        over.set()
        turns.join()


def _group(share: float, pid: int) -> Path | None:
    """Make a control group for it; None where that is not allowed."""
    version_2 = (GROUPS / "cgroup.controllers").exists()
    group = (GROUPS if version_2 else GROUPS / "cpu") / f"binome-bench-{os.getpid()}"
    period = round(PERIOD_SECONDS * 1e6)
    quota = round(share * period)
    try:
        group.mkdir()
        if version_2:
            (group / "cpu.max").write_text(f"{quota} {period}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(period))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
        (group / "cgroup.procs").write_text(str(pid))
    except OSError:
        with suppress(OSError):
            group.rmdir()
        return None
    return group


def _in_turns(share: float, pid: int, over: threading.Event) -> None:
    with suppress(ProcessLookupError):
        while not over.is_set():
            os.kill(pid, signal.SIGCONT)
            over.wait(share * PERIOD_SECONDS)
            os.kill(pid, signal.SIGSTOP)
            over.wait((1 - share) * PERIOD_SECONDS)
        os.kill(pid, signal.SIGCONT)
