"""Loops that stand still, and writes that are refused, in words."""

from datetime import timedelta

import pytest

from domain.runs.loops import delivery_fault, is_late, write_fault_in_words
from schemas.records.processes import Overdue, WriteFault

OVERDUE = [
    # mails, events (seconds) -> words
    (0, 0, ""),
    (599, 599, ""),
    (660, 0, "mails have been due for 11 minutes"),
    (0, 3_600, "events have been due for 60 minutes"),
    (660, 3_600, "mails have been due for 11 minutes and events"),
]


@pytest.mark.parametrize(("mails", "events", "words"), OVERDUE)
def test_what_is_due_for_long_and_in_nobodys_hands_is_named(
    mails: float, events: float, words: str
) -> None:
    fault = delivery_fault(Overdue(mails=mails, events=events))
    assert (fault == "") is (words == "") and words in fault


@pytest.mark.parametrize(("minutes", "late"), [(5, False), (15, False), (17, True)])
def test_a_schedule_is_late_after_three_intervals(minutes: int, late: bool) -> None:
    since = timedelta(minutes=minutes)
    assert is_late(since, timedelta(minutes=5)) is late


@pytest.mark.parametrize("fault", WriteFault)
def test_each_refused_write_has_words_of_its_own(fault: WriteFault) -> None:
    words = {write_fault_in_words(each) for each in WriteFault}
    assert write_fault_in_words(fault) in words and len(words) == len(WriteFault)
