"""Workers under much at once. `python -m benchmarks.wake cold --pairs 200 --share 0.2`

`cold`: the deadlines of all pairs pass when a worker has just started, keeps nothing in
memory, and has a fifth of a core: once with the hundred workflow tasks at a time that
the SDK takes by itself, and once with the default of `workers/limit_settings.py`.

`deadlines`: those of many pairs pass within a minute, all at once and spread over the time
after it. `morning`: many mails wait for the same opening hour, likewise.

Without a word all of it is measured, with few pairs and mails; for the whole:
`python -m benchmarks.wake deadlines morning --deadlines 20000 --mails 20000 --spread 10 --due 3600`
"""

import argparse
import asyncio
import sys
from datetime import timedelta

from benchmarks.wake import cold, deadlines, morning

ALL = ["cold", "deadlines", "morning"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", help=", ".join(ALL))
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.2, help="of a core")
    parser.add_argument(
        "--due", type=int, default=120, help="seconds from the start to the deadline"
    )
    parser.add_argument(
        "--tasks", type=int, nargs="*", default=[cold.WITHOUT_LIMIT, cold.DEFAULT_TASKS],
        help="limits of workflow tasks to compare; the last one is held to the bound",
    )  # fmt: skip
    parser.add_argument("--deadlines", type=int, default=1000)
    parser.add_argument("--mails", type=int, default=4000)
    parser.add_argument("--spread", type=float, default=1, help="minutes")
    return parser.parse_args()


async def main() -> int:
    asked = _arguments()
    due = timedelta(seconds=asked.due)
    spreads = [timedelta(0), timedelta(minutes=asked.spread)]
    what = asked.what or ALL
    holds = []
    if "cold" in what:
        holds += [await cold.measure(asked.pairs, asked.share, due, asked.tasks)]
    if "deadlines" in what:
        tasks = asked.tasks[-1]
        holds += [await deadlines.measure(asked.deadlines, due, spreads, tasks)]
    if "morning" in what:
        holds += [await morning.measure(asked.mails, spreads)]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
