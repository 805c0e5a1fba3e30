"""What so many live pairs need: computed from kept results of the other benchmarks, for docs/scale.md.

`python -m benchmarks.sizing`; what it assumes about programmes, machines and prices is in the
constants below and printed with the tables.
"""

import json
import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from benchmarks.support.results import FOLDER
from benchmarks.support.tables import table
from workflows import options

LIVE_PAIRS = (1_000, 10_000, 100_000, 1_000_000)
SESSIONS_A_YEAR = 12
"""A live pair's: one a month. A pair that ends after its six is followed by another one."""
LIVES_A_YEAR = 2
ARCHIVE_YEARS = 3
"""BINOME_KEEP_ARCHIVE's default."""
MAILS_A_SESSION = 9
"""54 notices of a life of six sessions (`benchmarks.storage`), each a mail by itself at worst."""
BUSIEST_SHARE = 0.2
"""Share of the pairs that are due in the busiest minute: answers asked for within a week, at Friday 18:00."""
ACTIONS_WHEN_DUE = 3
"""A timer, a record, and the next timer."""
SPREAD_MINUTES = 10
"""Over which the busiest minute is worked off in the tables below."""
USED_SHARE = 0.5
"""Share of a core that is planned with at the peak."""
CORE_YEAR_DOLLARS = 350.0
"""A core with 4 GiB of memory, rented by the year."""
GIGABYTE_YEAR_DOLLARS = 1.4
"""A gigabyte of replicated SSD, with its backups."""
HEARTBEATS_SHARE = 0.8
"""The SDK sends a heartbeat after this share of its timeout at most."""
RECONCILER_ACTIONS = 4
"""A run's: the schedule's, the start, the activity, a heartbeat."""
CLOUD_ACTIONS_A_SECOND = 500
"""Temporal Cloud's limit of a namespace that has not grown yet."""
CLOUD_TIERS = ((5, 50.0), (5, 45.0), (10, 40.0), (30, 35.0), (50, 30.0), (100, 25.0))
"""Millions of actions a month, and dollars of each million: the published prices of the plan Business."""
CLOUD_INCLUDED_MILLIONS = 2.5
CLOUD_PLAN_MONTH = 500.0
"""Dollars, or a tenth of what is used where that is more."""
CLOUD_ACTIVE_DOLLARS = 0.042
"""A gigabyte of open histories for an hour."""
HOURS_A_MONTH = 744


class ResultMissing(Exception):
    """Raised when a benchmark was not kept; the message says how to."""


@dataclass(frozen=True)
class Measured:
    """What the tables rest on."""

    actions_a_session: float
    bytes_a_pair: float
    """An open pair's history, half of it on average."""
    worker_ms: float
    temporal_ms: float
    postgres_ms: float
    """Milliseconds of a processor for a session held."""
    mails_a_second: float
    bytes_of_a_life: float
    bytes_archived: float
    """What a pair of six sessions takes in Binôme's own database, while it lives and after."""

    @classmethod
    def read(cls) -> "Measured":
        engine = "Milliseconds of processor a session"
        return cls(
            number("cost", "Cost of a pair", "actions a session", "measured"),
            number("cost", "Cost of a pair", "bytes a session", "measured") * 6 / 2,
            number("engine", engine, "pairs, end to end", "worker"),
            number("engine", engine, "pairs, end to end", "temporal"),
            number("engine", engine, "pairs, end to end", "postgres"),
            number("delivery", "Delivery", "mails a second", "measured"),
            number("storage", "Bytes of", "a year", "bytes a pair"),
            number("storage", "Bytes of", "the same, archived", "bytes a pair"),
        )

    def own_bytes(self, pairs: int) -> float:
        """Bytes of Binôme's database, once the archive has all of its years."""
        archived = LIVES_A_YEAR * ARCHIVE_YEARS * self.bytes_archived
        return pairs * (self.bytes_of_a_life + archived)


def number(benchmark: str, title: str, row: str, column: str) -> float:
    """Returns one cell of a kept table, by the beginnings of its title and its row.

    Raises:
        ResultMissing: there is none.
    """
    file = FOLDER / f"{benchmark}.json"
    try:
        kept: dict[str, Any] = json.loads(Path(file).read_text())
    except OSError:
        raise ResultMissing(
            f"{file.name} is missing; run: BENCH_KEEP=1 python -m benchmarks.{benchmark}"
        ) from None
    for found in kept["tables"]:
        if found["title"].startswith(title) and column in found["header"]:
            at = found["header"].index(column)
            for cells in found["rows"]:
                if cells[0].startswith(row):
                    return float(cells[at].replace(",", "").split()[0])
    raise ResultMissing(
        f"{file.name} has no {row!r} in {title!r}; run the benchmark again"
    )


def main() -> int:
    try:
        measured = Measured.read()
    except ResultMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    _print_load(measured)
    _print_machines(measured)
    _print_cost(measured)
    return 0


def idle_actions_a_month() -> float:
    """Billed actions of an installation without pairs: delivery's heartbeats, and the reconciler."""
    timeout = options.DELIVER["heartbeat_timeout"].total_seconds()
    heartbeats = 30 * 86400 / (timeout * HEARTBEATS_SHARE)
    return heartbeats + 30 * 24 * 12 * RECONCILER_ACTIONS


def cloud_dollars_a_month(actions: float, gigabytes: float) -> float:
    """Actions and open histories of a month on Temporal Cloud, plan Business, without commitment."""
    rest, dollars = max(0.0, actions / 1e6 - CLOUD_INCLUDED_MILLIONS), 0.0
    for millions, price in CLOUD_TIERS:
        taken = min(rest, millions)
        rest, dollars = rest - taken, dollars + taken * price
    dollars += rest * CLOUD_TIERS[-1][1]
    included = 2.5
    dollars += max(0.0, gigabytes - included) * HOURS_A_MONTH * CLOUD_ACTIVE_DOLLARS
    return dollars + max(CLOUD_PLAN_MONTH, dollars / 10)


def _peak_actions(pairs: int) -> float:
    """Actions a second while the busiest minute is worked off."""
    return pairs * BUSIEST_SHARE * ACTIONS_WHEN_DUE / (SPREAD_MINUTES * 60)


def _print_load(measured: Measured) -> None:
    rows = []
    for pairs in LIVE_PAIRS:
        actions = pairs * SESSIONS_A_YEAR * measured.actions_a_session
        mails = pairs * SESSIONS_A_YEAR * MAILS_A_SESSION
        rows.append(
            [
                f"{pairs:,}",
                f"{actions / 1e6:,.2f}",
                f"{actions / (365 * 86400):.3f}",
                f"{_peak_actions(pairs):,.1f}",
                f"{mails / 1e6:,.2f}",
                f"{_minutes(mails / 220 / measured.mails_a_second):,.1f}",
            ]
        )
    header = [
        "live pairs",
        "million actions a year",
        "actions a second, on average",
        f"at the peak, worked off in {SPREAD_MINUTES} minutes",
        "million mails a year",
        "minutes of one delivery for a working day's mails",
    ]
    table("Load", header, rows)


def _print_machines(measured: Measured) -> None:
    rows = []
    for pairs in LIVE_PAIRS:
        sessions = _peak_actions(pairs) / measured.actions_a_session
        cores = {
            name: sessions * milliseconds / 1000 / USED_SHARE
            for name, milliseconds in (
                ("worker", measured.worker_ms),
                ("temporal", measured.temporal_ms),
                ("postgres", measured.postgres_ms),
            )
        }
        rows.append(
            [
                f"{pairs:,}",
                str(_workers(cores["worker"])),
                f"{cores['worker']:.1f}",
                f"{cores['temporal']:.1f}",
                f"{cores['postgres']:.1f}",
                f"{measured.own_bytes(pairs) / 1e9:,.1f}",
                f"{pairs * measured.bytes_a_pair / 1e9:,.1f}",
            ]
        )
    header = [
        "live pairs",
        "workers",
        "cores of workers",
        "cores of Temporal",
        "cores of PostgreSQL, ours",
        f"GB of ours, with {ARCHIVE_YEARS} years of archive",
        "GB of open histories",
    ]
    table("Machines, at the peak", header, rows)


def _print_cost(measured: Measured) -> None:
    idle = idle_actions_a_month()
    rows = []
    for pairs in LIVE_PAIRS:
        actions = pairs * SESSIONS_A_YEAR * measured.actions_a_session / 12 + idle
        gigabytes = pairs * measured.bytes_a_pair / 1e9
        sessions = _peak_actions(pairs) / measured.actions_a_session
        per_session = measured.worker_ms + measured.temporal_ms + measured.postgres_ms
        cores = max(4, ceil(sessions * per_session / 1000 / USED_SHARE) + 2)
        disk = measured.own_bytes(pairs) / 1e9 + 2 * gigabytes
        rows.append(
            [
                f"{pairs:,}",
                f"{idle / actions:.0%}",
                f"{12 * cloud_dollars_a_month(actions, gigabytes):,.0f}",
                str(cores),
                f"{cores * CORE_YEAR_DOLLARS + disk * GIGABYTE_YEAR_DOLLARS:,.0f}",
            ]
        )
    header = [
        "live pairs",
        f"of its actions idle ({idle:,.0f} a month)",
        "Temporal Cloud, dollars a year",
        "cores, all of it self-hosted",
        "dollars a year",
    ]
    table("Cost of a year", header, rows)


def _workers(cores: float) -> int:
    """Two, so that one goes on while the other is replaced; then one for each core, since a worker is one Python."""
    return max(2, ceil(cores))


def _minutes(seconds: float) -> float:
    return seconds / 60


if __name__ == "__main__":
    sys.exit(main())
