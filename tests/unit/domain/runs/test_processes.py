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
    ("processes", "words"),
    [
        ([seen(3)], WELL),
        ([seen(3), seen(3_000)], WELL),
        ([seen(3, "r1"), seen(4, "r2")], WELL),
        ([seen(3, "r1"), seen(3_000)], WELL),
        ([seen(61)], "none has shown for 61 seconds"),
        ([seen(1, part=Part.GATEWAY)], "none has written to this database"),
        ([], "none has written to this database"),
        ([seen(3, "r1"), seen(4)], "has no build id"),
    ],
)
def test_workers_are_well_when_one_goes_on_and_all_are_versioned_or_none(
    processes: list[ProcessSeen], words: str
) -> None:
    fault = workers_fault(processes)
    assert (fault == WELL) is (words == WELL) and words in fault
