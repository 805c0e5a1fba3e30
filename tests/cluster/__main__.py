"""`make cluster`: builds Temporal's real server once, runs tests on it, and says what they proved.

`python -m tests.cluster [--build-minutes N] [PYTEST ARGUMENTS]`
"""

import math
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

from binome.printing import say
from tests.support.cluster.building import ENVIRONMENT, ServerMissing, build_server

PROVEN = {
    "tests/cluster/test_compose.py": "docker-compose.yml by its own commands, Temporal's roles together and apart",
    "tests/cluster/test_two_of_each.py": "two workers, two gateways, Temporal's roles apart, each killed",
    "tests/cluster/test_demo.py": "the whole demo",
    "tests/chaos": "everything three times and in any order; parts killed or away",
    "tests/integration/test_rolling_upgrade.py": "a release replaces another one under pairs in flight",
    "tests/integration/test_end_to_end.py": "a whole programme, read from several sides",
    "tests/integration/reconciling": "lost, reset and stuck runs are found and started again",
    "tests/integration/executions": "pairs are started and signalled page by page",
    "tests/integration/encryption": "encrypted histories",
}
"""What runs, and what it proves. The rest of the suite is about no server of Temporal, or
about what the dev server alone has: its Web UI and its file."""
PROCESSES = "3"
"""More than two cores: much of it is waiting for a day to end."""


def main(words: list[str]) -> int:
    """Exit with 0 where the server is not to be had: nothing is known to be wrong then."""
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--build-minutes", type=float, default=math.inf)
    options, arguments = parser.parse_known_args(words)
    try:
        server = build_server(options.build_minutes)
    except ServerMissing as why:
        say(
            f"NOTHING WAS TRIED on Temporal's real server, since it is not here: {why}."
        )
        return 0
    begun = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = subprocess.call(
            [sys.executable, "-m", "pytest", "-n", PROCESSES, "-q", f"--junitxml={report}",
             *PROVEN, *arguments],
            env={**os.environ, ENVIRONMENT: str(server.path)},
        )  # fmt: skip
        say(f"\nOn {server.path.name}, in {monotonic() - begun:.0f} seconds:")
        for line in _proven(report):
            say(line)
    return code


def _proven(report: Path) -> list[str]:
    """A line for each subject, with how many of its tests passed."""
    results = {subject: Counter[str]() for subject in PROVEN}
    for case in ElementTree.parse(report).iter("testcase"):
        place = case.attrib["classname"].replace(".", "/")
        for subject, found in results.items():
            if place.startswith(subject.removesuffix(".py")):
                found[_result(case)] += 1
    return [
        f"  {'proved' if set(found) <= {'passed', 'skipped'} and found['passed'] else 'NOT PROVED'}: "
        f"{PROVEN[subject]} ({', '.join(f'{n} {what}' for what, n in found.items()) or 'not run'})"
        for subject, found in results.items()
    ]


def _result(case: ElementTree.Element) -> str:
    kinds = {child.tag for child in case}
    if kinds & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in kinds else "passed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
