"""What is wrong with the workers that Temporal lists."""

from datetime import UTC, datetime

import pytest

from domain.runs.processes import WELL, workers_fault
from schemas.records.processes import Part, ProcessSeen


def seen(seconds: float, release: str = "", part: Part = Part.WORKER) -> ProcessSeen:
    return ProcessSeen(
        process="p",
        part=part,
        host="h",
        release=release,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds_unseen=seconds,
    )


@pytest.mark.parametrize(
    ("processes", "current", "words"),
    [
        ([seen(3)], "", WELL),
        ([seen(3), seen(3_000)], "", WELL),
        ([seen(3, "r1"), seen(4, "r2")], "r2", WELL),
        ([seen(3, "r1"), seen(3_000)], "r1", WELL),
        ([seen(3, "r1"), seen(4)], "", WELL),  # about to go over to versions
        ([seen(61)], "", "none has shown for 61 seconds"),
        ([seen(1, part=Part.GATEWAY)], "", "none has written to this database"),
        ([], "", "none has written to this database"),
        ([seen(3, "r1"), seen(4)], "r1", "one of them has no build id"),
        ([seen(3)], "r1", "version r1 is current, and no worker of it"),
        ([seen(3, "r1")], "r2", "version r2 is current, and no worker of it"),
        ([seen(3, "r1")], "", "no version is current, so workers of r1"),
    ],
)
def test_workers_are_well_when_one_goes_on_that_is_given_tasks(
    processes: list[ProcessSeen], current: str, words: str
) -> None:
    fault = workers_fault(processes, current)
    assert (fault == WELL) is (words == WELL) and words in fault
