"""A cohort under review, its people named by letters."""

from typing import Any

from domain.review.snapshot import (
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
)
from schemas.matches.review import CheckedMatch, MentorMentee

DECISIONS = {
    "a": "proposed",
    "b": "proposed",
    "c": "approved",
    "d": "refused",
    "e": "announced",
}


def two(letters: str) -> MentorMentee:
    """A letter for the mentor, one for the mentee."""
    return MentorMentee(
        mentor=letters[0].join(("p", "a" * 12)), mentee=letters[1].join(("p", "b" * 12))
    )


def match_id(name: str) -> str:
    """The id of a match that is called by its first letter."""
    people = two(name[0] * 2)
    return f"3:{ord(name[0])}:{people.mentor}:{people.mentee}"


def known(name: str, decision: str, run: int = 3, letters: str = "") -> ReviewedMatch:
    return ReviewedMatch(
        match_id(name), run, f"pair-{name}", two(letters or name * 2), decision
    )


def standing(
    decisions: dict[str, str] | None = None, *older: ReviewedMatch, **values: Any
) -> ReviewSnapshot:
    found = [
        *(
            known(name, decided)
            for name, decided in (DECISIONS if decisions is None else decisions).items()
        ),
        *older,
    ]
    people = {
        "mentors": frozenset(two(x + x).mentor for x in "abcde"),
        "mentees": frozenset(two(x + x).mentee for x in "abcde"),
    }
    seats = {two(x + x).mentor: 1 for x in "ab"}
    given: dict[str, Any] = {
        "run": 3,
        "seats": seats,
        "waiting": frozenset(two(x + x).mentee for x in "ab"),
        **people,
    }
    return ReviewSnapshot(matches={k.id: k for k in found}, **{**given, **values})


def checked(*letters: str, rule: str | None = None) -> list[CheckedMatch]:
    return [CheckedMatch(people=two(one), broken_rule=rule) for one in letters]


def ids(settled: DecisionPlan) -> tuple[list[str], list[str]]:
    """The letters of the matches that are approved and refused."""
    approved, refused = (
        [chr(int(k.id.split(":")[1])) for k in matches]
        for matches in (settled.approve, settled.refuse)
    )
    return approved, refused
