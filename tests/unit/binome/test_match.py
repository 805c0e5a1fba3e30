"""What `binome match preview` says on the way."""

import pytest

from binome.commands import match


def test_a_large_cohort_says_what_it_is_at_and_a_small_one_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    match._progress(after_seconds=60)("assignment")
    match._progress(after_seconds=0)("gains")
    out, err = capsys.readouterr()
    assert (out, err.split("\n")) == (
        "",
        ["counting what looser rules would gain …", ""],
    )
