"""The numbers of a cohort's pairs by stage, outcome and health."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from schemas.cohort import CohortCounts
from schemas.stages import Health, Outcome, Stage


class PairGroup(NamedTuple):
    """Pairs of a cohort with the same stage, outcome and health, counted together."""

    stage: Stage
    outcome: Outcome | None
    health: Health
    claimed: bool
    """Whether each of them has a mentee."""
    free: bool
    """Whether each of them may be matched now."""
    pairs: int
    held: int
    """Sessions held by all of them."""


def pair_counts(groups: Sequence[PairGroup]) -> CohortCounts:
    """Sum groups up. The health and claims of closed pairs do not count."""
    stages: Counter[Stage] = Counter()
    outcomes: Counter[Outcome] = Counter()
    health: Counter[Health] = Counter()
    live = [group for group in groups if group.stage is not Stage.CLOSED]
    for group in groups:
        stages[group.stage] += group.pairs
        if group.outcome:
            outcomes[group.outcome] += group.pairs
    for group in live:
        health[group.health] += group.pairs
    return CohortCounts(
        pairs=stages.total(),
        stages=dict(stages),
        outcomes=dict(outcomes),
        health=dict(health),
        sessions_held=sum(group.held for group in groups),
        ready_mentors=sum(group.pairs for group in live if group.free),
        claims=sum(group.pairs for group in live if group.claimed),
    )
