"""The `mentor-match` package on the same people, with rules as alike as it can have
them, in a venv of its own.

Run by that venv's Python this file is the program that matches there: it imports
nothing of ours.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PACKAGE = "mentor-match==7.0.1"
ROUNDS = (1, 3)
"""One, as ours is; and three, as its own example has them, in which mentors with a
mentee may be given more."""
TIMES_MEASURED = 3
"""The fastest counts, as for ours."""


def measure_rounds(url: str, folder: Path) -> dict[int, dict[str, Any]] | str:
    """What so many rounds took; or why it could not be asked."""
    venv = folder / "peer"
    python = str(venv / "bin" / "python")
    for command in (
        [sys.executable, "-m", "venv", str(venv)],
        [python, "-m", "pip", "install", "-q", PACKAGE],
    ):
        if subprocess.run(command, capture_output=True).returncode:
            return f"{PACKAGE} could not be installed; the comparison is made where it can be"
    people = folder / "people.json"
    people.write_text(json.dumps(asyncio.run(_people(url))))
    return {
        rounds: _fastest([python, "-P", __file__, str(people), str(rounds)])
        for rounds in ROUNDS
    }


def _fastest(command: list[str]) -> dict[str, Any]:
    results: list[dict[str, Any]] = [
        json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        for _ in range(TIMES_MEASURED)
    ]
    return min(results, key=lambda result: float(result["seconds"]))


async def _people(url: str) -> dict[str, Any]:
    """What its rules ask, ready to compare."""
    from activities.persistence.store import Store
    from domain.people.reporting_lines import levels_above, levels_from_top
    from schemas.ids import CohortRef

    store = await Store.open(url)
    pool = await store.pools.current(CohortRef(programme="bench", region="bench"))
    await store.close()
    levels, deepest = (
        levels_from_top(pool.managers),
        pool.policy.matching.minimum_levels - 1,
    )

    def plain(person: Any) -> dict[str, Any]:
        return {
            "email": person.person,
            "grade": levels.get(person.person, 0),
            "manager": person.manager or "",
            "near": [
                above
                for above, _ in levels_above(person.person, pool.managers, deepest)
            ],
            "function": person.function,
            "site": person.site,
            "languages": sorted(person.languages),
            "half_days": [f"{w.day} {w.start}" for w in person.windows],
            "topics": sorted(person.offers | person.wants),
        }

    return {
        "mentors": [plain(p) for p in pool.mentors],
        "mentees": [plain(p) for p in pool.mentees],
    }


def _person(kind: type[Any], values: dict[str, Any]) -> Any:
    one = kind(email=values["email"], grade=values["grade"])
    one.function, one.site, one.manager = (
        values["function"],
        values["site"],
        values["manager"],
    )
    for name in ("languages", "half_days", "topics", "near"):
        setattr(one, name, set(values[name]))
    return one


def match(path: str, rounds: int) -> dict[str, Any]:
    """Every rule of ours that says something about these people has its twin.

    The package takes rules from the end of the list and stops at the first that
    disqualifies: those come last.
    """
    import operator

    from matching import mentee, mentor, process
    from matching.rules.rule import Disqualify, Generic, Grade

    people = json.loads(Path(path).read_text())
    mentors = [_person(mentor.Mentor, values) for values in people["mentors"]]
    mentees = [_person(mentee.Mentee, values) for values in people["mentees"]]
    rules = [
        Generic({True: 1, False: 0}, lambda m: m.mentor.site == m.mentee.site),
        Grade(2, operator.gt, {True: 2, False: 0}),
        Generic(
            {True: 2, False: 0},
            lambda m: len(m.mentor.half_days & m.mentee.half_days) > 1,
        ),
        Generic({True: 3, False: 0}, lambda m: m.mentor.function != m.mentee.function),
        Generic({True: 6, False: 0}, lambda m: bool(m.mentor.topics & m.mentee.topics)),
        Disqualify(lambda m: m.mentor.manager == m.mentee.manager),
        Disqualify(
            lambda m: m.mentee.email in m.mentor.near or m.mentor.email in m.mentee.near
        ),
        Disqualify(lambda m: not m.mentor.half_days & m.mentee.half_days),
        Disqualify(lambda m: not m.mentor.languages & m.mentee.languages),
    ]
    began = time.perf_counter()
    process.process_data(mentors, mentees, [rules] * rounds)
    spent = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "seconds": spent,
        "peak": peak,
        "pairs": sum(len(one.mentors) for one in mentees),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(match(sys.argv[1], int(sys.argv[2]))))
