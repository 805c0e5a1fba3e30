"""What a run of matching proposes otherwise than the one before it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.listings import MatchChange, MatchListing

SAME = 0.005
"""Scores are shown as whole numbers of a hundred: a smaller difference is none."""


def changes(
    before: Sequence[Mapping[str, Any]], now: Sequence[MatchListing]
) -> tuple[MatchChange, ...]:
    """By mentee, in the order of names; nothing of whose match stayed as it was.

    Args:
        before: what was proposed and not approved, with names.
    """
    if not before:
        return ()
    old = {row["mentee"]: row for row in before}
    new = {match.mentee: match for match in now}
    found = [
        change
        for mentee in {*old, *new}
        if (change := _change(old.get(mentee), new.get(mentee)))
    ]
    return tuple(sorted(found, key=lambda change: (change.mentee_name, change.kind)))


def _change(
    old: Mapping[str, Any] | None, new: MatchListing | None
) -> MatchChange | None:
    if new is None:
        assert old is not None  # one of the two is there
        return _made("gone", old["mentee_name"], None, old)
    if old is None:
        return _made("new", new.mentee_name, new, None)
    if old["mentor"] != new.mentor:
        return _made("partner", new.mentee_name, new, old)
    return (
        _made("score", new.mentee_name, new, old)
        if abs(old["score"] - new.score) >= SAME
        else None
    )


def _made(
    kind: str, mentee: str, new: MatchListing | None, old: Mapping[str, Any] | None
) -> MatchChange:
    return MatchChange(
        kind=kind,
        mentee_name=mentee,
        mentor_name=new.mentor_name if new else None,
        score=new.score if new else None,
        mentor_before=old["mentor_name"] if old else None,
        score_before=old["score"] if old else None,
    )
