"""Decisions that contradict themselves, or what others decided in the meantime."""

from collections import Counter
from collections.abc import Sequence

from domain.review.snapshot import DecisionEntry, ReviewSnapshot
from schemas.cohort import MatchDecision
from schemas.matches.review import DecisionRefused, MentorMentee

MOST_LISTED = 3
"""So many entries are listed in a refusal."""
_MEANING = {
    "approved": "for",
    "pinned": "for",
    "refused": "against",
    "banned": "against",
}
"""Decisions that mean the same for two people."""


def check_run(decision: MatchDecision, snapshot: ReviewSnapshot) -> None:
    """`all` and `rerun` are about the run that was reviewed; a match that is named may
    be in the newest run too.
    """
    names_only = not (decision.all or decision.rerun)
    if decision.run in (0, snapshot.run):
        return
    if decision.run < snapshot.run and names_only:
        return
    raise DecisionRefused(
        f"run {snapshot.run} has replaced the one that was reviewed;"
        f" look at it and decide again{listed(snapshot.since)}"
    )


def check_named_once(decision: MatchDecision) -> None:
    swapped = [match for swap in decision.swap for match in (swap.one, swap.other)]
    approved, refused = set(decision.approve), set(decision.refuse)
    twice = approved & refused | set(swapped) & (approved | refused)
    twice |= {match for match, times in Counter(swapped).items() if times > 1}
    if twice:
        raise DecisionRefused(
            f"{len(twice)} of the matches are both approved and refused,"
            " or swapped too; choose one"
        )
    for one, other in (
        (decision.pin, decision.unpin),
        (decision.ban, decision.unban),
        (decision.pin, decision.ban),
    ):
        for people in set(one) & set(other):
            raise DecisionRefused(
                f"{people} are named twice, with opposite decisions; choose one"
            )


def check_decided_by_others(
    decision: MatchDecision, snapshot: ReviewSnapshot, wanted: Sequence[DecisionEntry]
) -> None:
    """Refuses what another reviewer decided otherwise about the same people. Decisions
    about different matches do not touch each other.
    """
    ours: dict[MentorMentee | None, set[str]] = {}
    for entry in wanted:
        ours.setdefault(entry.people, set()).add(_meaning(entry))
    about_all = ("refused", "banned", "swapped") if decision.all else ()
    conflicts = [
        entry
        for entry in snapshot.since
        if _meaning(entry) not in ours.get(entry.people, ())
        and (entry.people in ours or entry.what in about_all)
    ]
    if conflicts:
        raise DecisionRefused(
            f"somebody decided otherwise in the meantime; look again{listed(conflicts)}"
        )


def _meaning(entry: DecisionEntry) -> str:
    return _MEANING.get(entry.what, entry.what)


def listed(entries: Sequence[DecisionEntry]) -> str:
    """Returns such as `: refused by console (mentor … and mentee …); and 2 more`."""
    if not entries:
        return ""
    first = "; ".join(map(str, entries[:MOST_LISTED]))
    more = len(entries) - MOST_LISTED
    return f": {first}; and {more} more" if more > 0 else f": {first}"
