"""The guard: which pairs and proposals a reorganisation has brought too close."""

from collections.abc import Callable

from domain.people.reporting_lines import near_in_line
from schemas.guard import GuardSnapshot
from schemas.policy import Supervision


def too_close(
    snapshot: GuardSnapshot, checkpoint: Callable[[], None]
) -> frozenset[str]:
    """Returns the ids of pairs and proposals whose two people matching would keep apart
    by their reporting lines today: `manager_and_report` always, `too_few_levels` as the
    policy says. Linear in people and lines.
    """
    matches = (*snapshot.pairs, *snapshot.proposals)
    row_of = _places({match.mentee for match in matches})
    column_of = _places({match.mentor for match in matches})
    deepest = max(snapshot.minimum_levels - 1, 1)
    close = set()
    for mentee, mentor, _ in near_in_line(
        row_of, column_of, snapshot.managers, deepest
    ):
        checkpoint()
        close.add((mentee, mentor))
    return frozenset(
        match.id
        for match in matches
        if (row_of[match.mentee], column_of[match.mentor]) in close
    )


def ops_decide_first(frozen: int, pairs: int, policy: Supervision) -> bool:
    """Whether so many of a cohort's live pairs are frozen at one time only when ops say
    so.
    """
    return frozen >= policy.guard_at_least and frozen > policy.guard_share * pairs


def _places(people: set[str]) -> dict[str, int]:
    return {person: place for place, person in enumerate(sorted(people))}
