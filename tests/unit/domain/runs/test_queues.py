"""Tasks that wait too long are named with their queue, and with the version that they wait for."""

import pytest

from domain.runs.queues import LONGEST_BACKLOG_SECONDS, backlog_fault
from schemas.records.queues import QueueBacklog, QueuesSeen


def waiting(seconds: float, tasks: int = 3, version: str = "") -> QueueBacklog:
    return QueueBacklog(
        queue="binome",
        kind="workflow",
        version=version,
        tasks=tasks,
        seconds=seconds,
    )


LATE = LONGEST_BACKLOG_SECONDS + 60


@pytest.mark.parametrize(
    ("backlogs", "words"),
    [
        ([], ""),
        ([waiting(LONGEST_BACKLOG_SECONDS)], ""),
        ([waiting(LATE, tasks=0)], ""),
        ([waiting(LATE)], "3 workflow tasks in binome, the oldest for 6 minutes"),
        ([waiting(1), waiting(LATE, version="r7")], "in binome for version r7, the"),
    ],
)
def test_a_backlog_is_a_fault_when_its_oldest_task_is_too_old(
    backlogs: list[QueueBacklog], words: str
) -> None:
    fault = backlog_fault(QueuesSeen(backlogs=tuple(backlogs)))
    assert (fault == "") is (words == "") and words in fault
