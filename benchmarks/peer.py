"""The `mentor-match` package on the same people, with rules as alike as it can have them, in a venv of its own.

Run by that venv's Python this file is the program that matches there: it imports nothing of ours.
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


def measured(url: str, folder: Path) -> dict[str, Any] | str:
    """What it took; or why it could not be asked."""
    venv = folder / "peer"
    python = str(venv / "bin" / "python")
    for command in ([sys.executable, "-m", "venv", str(venv)], [python, "-m", "pip", "install", "-q", PACKAGE]):
        if subprocess.run(command, capture_output=True).returncode:
            return f"{PACKAGE} could not be installed; the comparison is made where it can be"
    people = folder / "people.json"
    people.write_text(json.dumps(asyncio.run(_people(url))))
    told = subprocess.run([python, "-P", __file__, str(people)], stdout=subprocess.PIPE, check=True).stdout
    answer: dict[str, Any] = json.loads(told)
    return answer


async def _people(url: str) -> dict[str, Any]:
    """What its rules ask, ready to compare."""
    from activities.persistence.store import Store
    from schemas.ids import CohortRef

    store = await Store.open(url)
    pool = await store.pool(CohortRef(programme="bench", region="bench"))
    await store.close()

    def plain(person: Any) -> dict[str, Any]:
        return {
            "email": person.email,
            "grade": 1,
            "function": person.function,
            "site": person.site,
            "languages": sorted(person.languages),
            "halves": [f"{w.day} {w.start}" for w in person.windows],
            "topics": sorted(person.offers | person.wants),
        }

    return {"mentors": [plain(p) for p in pool.mentors], "mentees": [plain(p) for p in pool.mentees]}


def match(path: str) -> dict[str, Any]:
    """One round, since ours is one: languages and hours disqualify; topics, function and site count."""
    from matching import mentee, mentor, process
    from matching.rules.rule import Disqualify, Generic

    people = json.loads(Path(path).read_text())

    def made(kind: type[Any], values: dict[str, Any]) -> Any:
        one = kind(email=values["email"], grade=values["grade"])
        one.function, one.site = values["function"], values["site"]
        one.languages, one.halves, one.topics = (set(values[name]) for name in ("languages", "halves", "topics"))
        return one

    mentors = [made(mentor.Mentor, values) for values in people["mentors"]]
    mentees = [made(mentee.Mentee, values) for values in people["mentees"]]
    rules = [
        Generic({True: 1, False: 0}, lambda m: m.mentor.site == m.mentee.site),
        Generic({True: 3, False: 0}, lambda m: m.mentor.function != m.mentee.function),
        Generic({True: 6, False: 0}, lambda m: bool(m.mentor.topics & m.mentee.topics)),
        Disqualify(lambda m: not m.mentor.halves & m.mentee.halves),
        Disqualify(lambda m: not m.mentor.languages & m.mentee.languages),
    ]
    began = time.perf_counter()
    process.process_data(mentors, mentees, [rules])
    spent = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": spent, "peak": peak, "pairs": sum(len(one.mentors) for one in mentees)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(match(sys.argv[1])))
