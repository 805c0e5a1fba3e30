"""Workers under much at once. `python -m benchmarks.wake cold --pairs 200 --share 0.2`

`cold`: the deadlines of all pairs pass when a worker has just started, keeps nothing in
memory, and has a fifth of a core: once with the hundred workflow tasks at a time that
the SDK takes by itself, and once with the default of `workers/limit_settings.py`.

Without a word all of it is measured.
"""

import argparse
import asyncio
import sys
from datetime import timedelta

from benchmarks.wake import cold


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", default=["cold"], help="cold")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.2, help="of a core")
    parser.add_argument(
        "--due", type=int, default=120, help="seconds from the start to the deadline"
    )
    parser.add_argument(
        "--tasks", type=int, nargs="*", default=[cold.WITHOUT_LIMIT, cold.DEFAULT_TASKS],
        help="limits of workflow tasks to compare; the last one is held to the bound",
    )  # fmt: skip
    return parser.parse_args()


async def main() -> int:
    asked = _arguments()
    due = timedelta(seconds=asked.due)
    holds = [await cold.measure(asked.pairs, asked.share, due, asked.tasks)]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
