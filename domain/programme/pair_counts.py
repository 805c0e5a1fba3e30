"""The numbers of a cohort's pairs by stage, outcome and health."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from schemas.cohort import CohortCounts, PairTally
from schemas.stages import Health, Outcome, Stage


class PairGroup(NamedTuple):
    """Pairs of a cohort with the same stage, outcome and health, counted together."""

    stage: Stage
    outcome: Outcome | None
    health: Health
    pairs: int
    held: int
    """Sessions held by all of them."""
    claimed: bool = False
    """Whether each of them has a mentee."""


def pair_tally(groups: Sequence[PairGroup]) -> PairTally:
    """Sum groups up. The health of closed pairs does not count."""
    stages: Counter[Stage] = Counter()
    outcomes: Counter[Outcome] = Counter()
    health: Counter[Health] = Counter()
    for group in groups:
        stages[group.stage] += group.pairs
        if group.outcome:
            outcomes[group.outcome] += group.pairs
        if group.stage is not Stage.CLOSED:
            health[group.health] += group.pairs
    return PairTally(
        pairs=stages.total(),
        stages=dict(stages),
        outcomes=dict(outcomes),
        health=dict(health),
        sessions_held=sum(group.held for group in groups),
    )


def pair_counts(groups: Sequence[PairGroup]) -> CohortCounts:
    """Sum groups up for their cohort. Closed pairs claim nobody."""
    live = [group for group in groups if group.stage is not Stage.CLOSED]
    return CohortCounts(
        **dict(pair_tally(groups)),
        claims=sum(group.pairs for group in live if group.claimed),
    )
