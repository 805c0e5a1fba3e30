"""Importing people into PostgreSQL, against a floor of one COPY of the same bytes, on
the same server in the same run; and a file on its way from the upload to its end, as
gateway and worker take it.

Each import is a process of its own, so that its peak of memory is its own.
"""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import asyncpg
from temporalio.testing import ActivityEnvironment

from activities.importing.activities import ImportActivities
from activities.persistence.migrate import migrate
from activities.persistence.store import Store
from benchmarks.support.bench_postgres import bench_postgres
from benchmarks.support.tables import table
from binome.stack.postgres import Cluster
from domain.people.column_names import COLUMNS
from domain.people.uploaded_files import confirmed
from schemas.people import ImportOptions
from schemas.records.people_files import ImportStage, PeopleImportStart

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))
AIM_SECONDS = 30
UPLOADED_AIM_SECONDS = 20
STALL_AIM_SECONDS = 0.1
UPLOADED = "uploaded"
PART_BYTES = 1024 * 1024


def person(number: int, manager: str, **cells: str) -> str:
    """A line of the file; every third is a mentor whose supervisor leads nobody."""
    mentor = number % 3 == 0 and number > PEOPLE // 2
    given = {
        "external_id": f"E{number}",
        "name": f"Prénom Nom {number}",
        "email": f"person{number}@example.org",
        "region": f"region-{number % 12}",
        "roles": "mentor" if mentor else "mentee" if number < PEOPLE // 50 else "",
        "function": f"function {number % 40}",
        "site": f"site {number % 200}",
        "zone": "Europe/Paris",
        "manager": manager,
        "supervisor": f"E{PEOPLE - 1 - number % 300 * 3}"
        if mentor and number < PEOPLE - 1000
        else "",
        "languages": "fr en",
        "offers": "social-media data",
        "windows": f"mon {8 + number % 4:02}:00-12:00; wed 14:00-17:30",
        **cells,
    }
    return ",".join(given.get(column, "") for column in COLUMNS)


def file(manager_of: Callable[[int], int | None], **cells: str) -> bytes:
    above = [manager_of(number) for number in range(PEOPLE)]
    lines = (
        person(n, "" if who is None else f"E{who}", **cells)
        for n, who in enumerate(above)
    )
    return "\n".join([",".join(COLUMNS), *lines, ""]).encode()


def tree(number: int) -> int | None:
    return (number - 1) // 8 if number else None


def flat(number: int) -> int | None:
    """Ten thousand with one manager."""
    return 0 if 0 < number <= 10_000 else tree(number)


def chain(number: int) -> int | None:
    """Five thousand, each below the one before."""
    return number - 1 if 0 < number <= 5_000 else tree(number)


def circle(number: int) -> int | None:
    """A chain whose end is above its beginning."""
    return 5_000 if number == 0 else chain(number)


CASES: list[tuple[str, Callable[[], bytes], bool]] = [
    ("new people", lambda: file(tree), True),
    ("the same file again", lambda: file(tree), False),
    ("preview, all of them moved", lambda: file(tree, zone="Europe/London"), False),
    ("all of them moved", lambda: file(tree, zone="Europe/London"), False),
    ("10,000 with one manager, new", lambda: file(flat), True),
    ("a chain of 5,000, new", lambda: file(chain), True),
    ("a circle of 5,001: refused", lambda: file(circle), False),
    ("a mistake on each line: refused", lambda: file(tree, email="nobody"), False),
]


async def copy_seconds(url: str, data: bytes) -> float:
    """The bytes into a table of texts by one COPY, and nothing made of them."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"create temporary table plain ({', '.join(f'{column} text' for column in COLUMNS)})"
    )
    began = perf_counter()
    await connection.copy_to_table(
        "plain", source=io.BytesIO(data), format="csv", header=True
    )
    spent = perf_counter() - began
    await connection.close()
    return spent


async def import_one(url: str, path: Path, what: str) -> None:
    """In a process of its own: import a file, and print what it took."""
    store = await Store.open(url)
    data = await asyncio.to_thread(path.read_bytes)
    before, busy = _peak(), process_time()
    began = perf_counter()
    found = await (
        store.imports.preview if what.startswith("preview") else store.imports.apply
    )(data)
    spent, busy = perf_counter() - began, process_time() - busy
    await store.close()
    result = {
        "seconds": spent,
        "busy": busy,
        "before": before,
        "peak": _peak(),
        "problems": found.wrong,
    }
    sys.stdout.write(
        json.dumps({**result, "added": found.added, "changed": found.changed})
    )


async def upload_one(url: str, path: Path) -> None:
    """In a process of its own: keep a file, preview it and import it, and print what
    each took and how long the event loop stood still.
    """
    from benchmarks.stalls import longest_stall

    store = await Store.open(url)
    activities = ImportActivities(store.people_files)
    run = ActivityEnvironment().run
    rows = []

    async def measured(what: str, work: Awaitable[Any]) -> Any:
        began = perf_counter()
        async with longest_stall() as stall:
            done = await work
        rows.append([what, perf_counter() - began, stall.worked, stall.wall])
        return done

    file = path.open("rb")

    async def parts() -> AsyncIterator[bytes]:
        while data := file.read(PART_BYTES):
            yield data

    taken = await measured(
        "kept, part by part", store.people_files.take(parts(), ImportOptions())
    )
    start = PeopleImportStart(file=taken.name)
    await measured("previewed", run(activities.import_people_file, start))
    await store.people_files.change(taken.name, lambda file: confirmed(file, None))
    await measured("imported", run(activities.import_people_file, start))
    found = await store.people_files.find(taken.name)
    await store.close()
    assert found and found.stage is ImportStage.IMPORTED
    sys.stdout.write(json.dumps(rows))


def measure_uploaded(cluster: Cluster, folder: Path) -> list[list[str]]:
    cluster.create_database("uploaded")
    url = cluster.url("uploaded")
    asyncio.run(migrate(url))
    path = folder / "people.csv"
    rows = []
    for what, zone in (("new people", "Europe/Paris"), ("all moved", "Europe/London")):
        path.write_bytes(file(tree, zone=zone))
        command = [sys.executable, "-m", "benchmarks.people", url, str(path), UPLOADED]
        found = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        rows += [
            [
                what,
                step,
                f"{seconds:.1f}",
                f"{stall * 1000:.0f}",
                f"{wall * 1000:.0f}",
                "yes"
                if seconds < UPLOADED_AIM_SECONDS and stall < STALL_AIM_SECONDS
                else "no",
            ]
            for step, seconds, stall, wall in json.loads(found)
        ]
    return rows


def _peak() -> int:
    """Returns the peak of this process in MB; `getrusage` counts its parent's too."""
    lines = dict(
        line.split(":", 1)
        for line in Path("/proc/self/status").read_text().splitlines()
    )
    return int(lines["VmHWM"].split()[0]) // 1024


def measure(cluster: Cluster, folder: Path) -> list[list[str]]:
    rows: list[list[str]] = []
    for place, (what, make, empty) in enumerate(CASES):
        if empty:
            name = f"people{place}"
            cluster.create_database(name)
            url = cluster.url(name)
            asyncio.run(migrate(url))
        path = folder / "people.csv"
        path.write_bytes(make())
        copied = asyncio.run(copy_seconds(url, path.read_bytes()))
        command = [sys.executable, "-m", "benchmarks.people", url, str(path), what]
        result = json.loads(
            subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        )
        rows.append(
            [
                what,
                *(f"{result[name]:,}" for name in ("added", "changed", "problems")),
                f"{result['seconds']:.1f}",
                f"{result['busy']:.1f}",
                f"{copied:.2f}",
                f"{result['seconds'] / copied:.0f}",
                f"{PEOPLE / result['seconds']:,.0f}",
                f"{result['before']} to {result['peak']}",
            ]
        )
    return rows


def main() -> None:
    with bench_postgres() as (folder, cluster):
        rows = measure(cluster, folder)
        uploaded = measure_uploaded(cluster, folder)
    times = ["seconds", "of them its processor", "one COPY", "ratio"]
    header = ["what", "new", "changed", "problems", *times, "people/s", "MB of process"]
    table(f"People files, {PEOPLE:,} lines (aim: {AIM_SECONDS} seconds)", header, rows)
    table(
        f"An uploaded file of {PEOPLE:,} lines (bounds: {UPLOADED_AIM_SECONDS} seconds,"
        f" {STALL_AIM_SECONDS * 1000:.0f} ms of the loop's processor)",
        ["what", "step", "seconds", "ms of the loop", "on the wall", "holds"],
        uploaded,
    )


def one_process(url: str, path: str, what: str) -> None:
    work = (
        upload_one(url, Path(path))
        if what == UPLOADED
        else import_one(url, Path(path), what)
    )
    asyncio.run(work)


if __name__ == "__main__":
    one_process(*sys.argv[1:]) if len(sys.argv) > 1 else main()
