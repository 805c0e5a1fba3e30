"""`binome start`: what a file may hold, and what a check says of it."""

import json
from pathlib import Path

import pytest
from pytest import CaptureFixture

from binome.commands import programmes
from binome.errors import CommandRefused
from schemas.programme import CheckResult, PlannedRegion, Problem
from schemas.stages import Outcome
from tests.support.lives import MONDAY

WRONG = (Problem(path="sessions.lenght", what="unknown; did you mean length?"),)
DAY = MONDAY.date()
COMEX = PlannedRegion(
    region="comex",
    opens=DAY,
    trained_by=DAY,
    first_sessions_about=DAY,
    ends_about=DAY,
    mentors=3,
    mentees=2,
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{\n"programme" "x"}', r"is not JSON \(line 2\)"),
        (b"", r"is not JSON \(line 1\)"),
        (b'{"programme": "\xff"}', r"is not JSON \(not UTF-8\)"),
        (b'{"programme": "\\ud800"}', "holds half of a character"),
        (b"[" * 100_000 + b"]" * 100_000, "is nested too deeply"),
        (b'{"pace": ' + b"1" * 5_000 + b"}", "holds a number that is too long"),
        (
            b'{"programme": "' + b"x" * 1_000_000 + b'"}',
            "is too large; allowed: up to 1000000 bytes",
        ),
        (b"null", "is not a JSON object"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "document.json"
    file.write_bytes(content)
    with pytest.raises(CommandRefused, match=why):
        programmes._document(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_document_may_begin_with_the_mark_that_editors_put_there(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "document.json"
    file.write_text(json.dumps({"programme": "ours"}), encoding)
    assert programmes._document(file) == {"programme": "ours"}


def test_only_problems_are_printed_for_an_unreadable_document(
    capsys: CaptureFixture[str],
) -> None:
    programmes._show_plan(
        CheckResult(
            programme="ours", ok=False, problems=WRONG, next_step="Nothing was sent."
        ),
        Path("ours.json"),
        by_document=False,
    )
    assert (
        capsys.readouterr().out.strip()
        == "sessions.lenght: unknown; did you mean length?\nNothing was sent."
    )


def test_problems_with_people_are_printed_below_the_dates(
    capsys: CaptureFixture[str],
) -> None:
    programmes._show_plan(
        CheckResult(programme="ours", ok=False, problems=WRONG, regions=(COMEX,)),
        Path("ours.json"),
        by_document=False,
    )
    output = capsys.readouterr().out
    assert (
        output.index("first sessions about")
        < output.index("comex")
        < output.index("sessions.lenght")
    )


@pytest.mark.parametrize(
    ("by_document", "end"),
    [(False, "ours.json\n"), (True, 'ours.json, once "check_only" is out of it\n')],
)
def test_a_check_says_how_to_start_what_was_checked(
    capsys: CaptureFixture[str], by_document: bool, end: str
) -> None:
    fine = CheckResult(programme="ours", ok=True, problems=())
    programmes._show_plan(fine, Path("ours.json"), by_document=by_document)
    assert capsys.readouterr().out.endswith(f"Start it: binome start {end}")


def test_outcomes_are_printed_in_the_order_of_a_pairs_life() -> None:
    counts = {Outcome.LEFT: 1, Outcome.ENDED_EARLY: 2, Outcome.COMPLETED: 3}
    assert programmes._counted(counts, Outcome) == "completed 3, ended early 2, left 1"
