"""What a run of matching proposes otherwise than the one before it."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.records.listings import MatchChange, MatchListing

SMALLEST_SCORE_CHANGE = 0.005
"""Scores are shown as whole numbers of a hundred: a smaller difference is none."""


def run_changes(
    before: Sequence[Mapping[str, Any]], now: Sequence[MatchListing]
) -> tuple[MatchChange, ...]:
    """Returns each mentee whose match is another, in the order of names.

    Args:
        before: what the earlier run proposed and nobody approved, with names.
    """
    if not before:
        return ()
    old_of = {row["mentee"]: row for row in before}
    new_of = {match.mentee: match for match in now}
    changes = []
    for mentee in {*old_of, *new_of}:
        old, new = old_of.get(mentee), new_of.get(mentee)
        if kind := _kind(old, new):
            changes.append(_change(kind, old, new))
    return tuple(sorted(changes, key=lambda change: (change.mentee_name, change.kind)))


def _kind(old: Mapping[str, Any] | None, new: MatchListing | None) -> str | None:
    if new is None:
        return "gone"
    if old is None:
        return "new"
    if old["mentor"] != new.mentor:
        return "partner"
    changed = abs(old["score"] - new.score) >= SMALLEST_SCORE_CHANGE
    return "score" if changed else None


def _change(
    kind: str, old: Mapping[str, Any] | None, new: MatchListing | None
) -> MatchChange:
    mentee_name = new.mentee_name if new else old["mentee_name"] if old else ""
    return MatchChange(
        kind=kind,
        mentee_name=mentee_name,
        mentor_name=new.mentor_name if new else None,
        score=new.score if new else None,
        mentor_before=old["mentor_name"] if old else None,
        score_before=old["score"] if old else None,
    )
