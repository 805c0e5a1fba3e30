"""What the review says of a run beside the one before it."""

from typing import Any

import pytest

from domain.review.run_changes import run_changes
from schemas.records.listings import MatchListing
from tests.support.lives import MENTEE, MENTOR

OTHER = "p" + "c" * 13


def before(mentor: str = MENTOR, score: float = 0.5) -> dict[str, Any]:
    return {
        "mentor": mentor,
        "mentor_name": "Ana",
        "mentee": MENTEE,
        "mentee_name": "Marc",
        "score": score,
    }


def now(mentor: str = MENTOR, score: float = 0.5) -> MatchListing:
    return MatchListing(
        id="2:1:x",
        mentor=mentor,
        mentor_name="Ben",
        mentee=MENTEE,
        mentee_name="Marc",
        score=score,
    )


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ([before()], [now()], []),
        ([before()], [now(score=0.504)], []),  # both are shown as 50
        ([before()], [now(score=0.6)], ["score"]),
        ([before()], [now(OTHER)], ["partner"]),
        ([before()], [], ["gone"]),
        ([], [now()], []),  # a first run has nothing before it
    ],
)
def test_a_change_has_its_kind(
    old: list[dict[str, Any]], new: list[MatchListing], kinds: list[str]
) -> None:
    assert [change.kind for change in run_changes(old, new)] == kinds


def test_whoever_is_matched_for_the_first_time_is_new() -> None:
    other = now(OTHER).model_copy(update={"mentee": OTHER, "mentee_name": "Zoe"})
    (found,) = run_changes([before()], [now(), other])
    assert (found.kind, found.mentee_name, found.mentor_before) == ("new", "Zoe", None)
