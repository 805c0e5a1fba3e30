"""One is no plural."""

import pytest

from schemas.wording.counted import counted


@pytest.mark.parametrize(
    ("counted_text", "words"),
    [
        (counted(0, "problem"), "0 problems"),
        (counted(1, "problem"), "1 problem"),
        (counted(2, "problem"), "2 problems"),
        (counted(1, "person", "people"), "1 person"),
        (counted(3, "person", "people"), "3 people"),
        (counted(1.5, "hour"), "1.5 hours"),
        (counted(2.0, "hour"), "2 hours"),
        (counted(1_234_567, "line"), "1,234,567 lines"),
    ],
)
def test_a_number_agrees_with_what_it_counts(counted_text: str, words: str) -> None:
    assert counted_text == words
