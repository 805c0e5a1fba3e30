"""What a piece of work took: wall seconds, and processor seconds of the processes that had a part in it."""

import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """Processor time is read from /proc; where there is none, it is nothing."""

    seconds: float
    """Wall time."""
    parts: Mapping[str, float]
    """Processor seconds by the names of processes."""
    others: float
    """Processor seconds of everybody else on the machine, its kernel included."""
    idle: float
    """Share of all cores' time in which none of them had anything to do."""


async def timed(
    processes: Mapping[str, int], work: Callable[[], Awaitable[Any]]
) -> Spent:
    """Do the work, and watch the processes with these numbers meanwhile."""
    wall, parts, (busy, idle) = perf_counter(), _seconds(processes), _machine()
    await work()
    after, (busy_after, idle_after) = _seconds(processes), _machine()
    used = {name: after[name] - parts[name] for name in processes}
    at_work, at_rest = busy_after - busy, idle_after - idle
    share = at_rest / (at_work + at_rest) if at_work else 0.0
    return Spent(perf_counter() - wall, used, at_work - sum(used.values()), share)


def _seconds(processes: Mapping[str, int]) -> dict[str, float]:
    """By name, what each process and its children have used so far."""
    names = {pid: name for name, pid in processes.items()}
    used = dict.fromkeys(processes, 0.0)
    for pid, parent, seconds in _found():
        if name := names.get(pid) or names.get(parent):
            used[name] += seconds
    return used


def _found() -> Iterator[tuple[int, int, float]]:
    """Number, parent's number and seconds of every process, with those of its children that have ended."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(folder.name), int(words[1]), sum(map(int, words[11:15])) / _TICKS


def _machine() -> tuple[float, float]:
    """Seconds that all cores together have worked, and rested."""
    try:
        ticks = [
            int(word)
            for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        ]
    except OSError:
        return 0.0, 0.0
    rest = ticks[3] + ticks[4]
    return (sum(ticks) - rest) / _TICKS, rest / _TICKS
