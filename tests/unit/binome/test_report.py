"""What came of a programme, as ops take it into a spreadsheet."""

import csv
import io
import json
from typing import Any

import pytest
from pytest import CaptureFixture, MonkeyPatch

from binome.commands import report
from binome.errors import CommandRefused
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Outcome
from tests.support.lives import MONDAY

REGIONS = (
    RegionStatus(
        region="comex", wave=1, status="closed", pairs=6, sessions_held=12, answers=5, mean_pulse=4.2,
        outcomes={Outcome.COMPLETED: 4, Outcome.LEFT: 2},
    ),
    RegionStatus(region="comex", wave=2, status="proposed"),
    RegionStatus(region="idf", wave=1, status="open", pairs=3, sessions_held=1, answers=4),
    RegionStatus(region="ouest", wave=0, status="waiting"),
)  # fmt: skip
STATUS = ProgrammeStatus(
    programme="demo", status="running", now=MONDAY, pace=1, regions=REGIONS
)


@pytest.fixture
def reported(monkeypatch: MonkeyPatch, capsys: CaptureFixture[str]) -> Any:
    """What the command prints, given its options."""

    async def status_of(*_: object) -> ProgrammeStatus:
        return STATUS

    def run(*, as_csv: bool = False, as_json: bool = False) -> str:
        report.command("demo", as_csv=as_csv, as_json=as_json)
        return capsys.readouterr().out

    monkeypatch.setattr(report, "status_of", status_of)
    monkeypatch.setattr(report, "find_servers", lambda _: None)
    return run


def test_a_report_has_a_line_for_each_cohort_that_opened() -> None:
    assert [(line["region"], line["wave"]) for line in report.report(STATUS)] == [
        ("comex", 1),
        ("idf", 1),
    ]


def test_the_csv_has_every_outcome_and_leaves_a_mean_of_few_people_empty(
    reported: Any,
) -> None:
    comex, idf = csv.DictReader(io.StringIO(reported(as_csv=True)))
    assert (comex["pairs"], comex["completed"], comex["left"], comex["deferred"]) == (
        "6",
        "4",
        "2",
        "0",
    )
    assert (comex["sessions_held"], comex["mean_pulse"], idf["mean_pulse"]) == (
        "12",
        "4.2",
        "",
    )


def test_the_json_says_when_the_numbers_were_taken(reported: Any) -> None:
    found = json.loads(reported(as_json=True))
    assert (found["programme"], found["at"]) == ("demo", "2027-01-11T09:00:00Z")
    assert [line["mean_pulse"] for line in found["regions"]] == [4.2, None]


def test_the_table_names_its_columns_in_words(reported: Any) -> None:
    assert "ended early" in reported() and "sessions held" in reported()


def test_csv_and_json_at_once_are_refused() -> None:
    with pytest.raises(CommandRefused, match="give one of them"):
        report.command("demo", as_csv=True, as_json=True)
