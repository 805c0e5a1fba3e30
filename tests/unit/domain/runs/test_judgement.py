"""What is wrong with a run, a row each."""

from datetime import timedelta
from typing import Any

import pytest

from domain.runs.judgement import OnRecord, Run, judge
from tests.support.lives import MONDAY

SETTLE = timedelta(minutes=1)
NOW = MONDAY
LONG_AGO, JUST_NOW = NOW - timedelta(hours=1), NOW - timedelta(seconds=1)
LIVE, CLOSED = (
    OnRecord(live=True, changed_at=LONG_AGO),
    OnRecord(live=False, changed_at=LONG_AGO),
)
UNBEGUN = OnRecord(live=True, begun=False)


def run(status: str = "running", **more: Any) -> Run:
    closed = None if status == "running" else more.pop("closed_at", LONG_AGO)
    return Run(
        **{
            "run_id": "r",
            "status": status,
            "started_at": LONG_AGO,
            "closed_at": closed,
            **more,
        }
    )


CASES: list[tuple[str, OnRecord, Run | None, str | None]] = [
    ("as it should be", LIVE, run(), None),
    ("over, and closed", CLOSED, run("completed"), None),
    ("closed, and forgotten", CLOSED, None, None),
    ("vanished", LIVE, None, "ended absent"),
    ("recorded just now", OnRecord(live=True, changed_at=JUST_NOW), None, None),
    ("terminated", LIVE, run("terminated"), "ended terminated"),
    ("cancelled half-way", LIVE, run("canceled"), "ended canceled"),
    ("terminated just now", LIVE, run("terminated", closed_at=JUST_NOW), None),
    ("terminated before it began", UNBEGUN, run("terminated"), "ended terminated"),
    ("failed before it began: its starter was told", UNBEGUN, run("failed"), None),
    ("vanished before it began", UNBEGUN, None, None),
    ("suspended", LIVE, run(suspended=True), "suspended other_contents"),
    (
        "suspended, started just now",
        LIVE,
        run(suspended=True, started_at=JUST_NOW),
        None,
    ),
    (
        "suspended, and closed on record",
        CLOSED,
        run(suspended=True),
        "outlived closed_on_record",
    ),
    ("outlived", CLOSED, run(), "outlived closed_on_record"),
    ("closed just now", OnRecord(live=False, changed_at=JUST_NOW), run(), None),
    ("closed, and no worker to end it", CLOSED, run(task_attempts=1), None),
    ("a task that was tried again", LIVE, run(task_attempts=2), None),
    ("a task that keeps failing", LIVE, run(task_attempts=5), "stuck workflow_task"),
    (
        "an activity that keeps failing",
        LIVE,
        run(activity_attempts=20),
        "stuck activity",
    ),
]


@pytest.mark.parametrize(
    ("record", "found", "wrong"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_record_and_run_are_compared(
    record: OnRecord, found: Run | None, wrong: str | None
) -> None:
    judged = judge("pair:x", record, found, NOW, SETTLE)
    assert (f"{judged.kind} {judged.why}" if judged else None) == wrong
