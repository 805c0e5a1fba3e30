"""Whose pause is a pair's too."""

import pytest

from domain.pair.scopes import scopes_of
from schemas.ids import PairRef

MENTOR, MENTEE = "p" + "a" * 13, "p" + "b" * 13
PAIR = PairRef(programme="pilot", region="idf", wave=2, mentor=MENTOR)
ALWAYS = [
    "programme:pilot",
    "region:pilot:idf",
    "cohort:pilot:idf:2",
    f"pair:pilot:idf:2:{MENTOR}:1",
    f"person:{MENTOR}",
]


@pytest.mark.parametrize(
    ("mentee", "scopes"),
    [(None, ALWAYS), (MENTEE, [*ALWAYS, f"person:{MENTEE}"])],
)
def test_a_pair_pauses_with_each_of_these(
    mentee: str | None, scopes: list[str]
) -> None:
    assert scopes_of(PAIR, mentee) == scopes
