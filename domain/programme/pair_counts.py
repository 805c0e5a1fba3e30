"""How many pairs of a cohort are where."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from schemas.cohort import CohortCounts
from schemas.stages import Health, Outcome, Stage


class PairGroup(NamedTuple):
    """Pairs that have everything in common that is counted."""

    stage: Stage
    outcome: Outcome | None
    health: Health
    claimed: bool
    """Each has a mentee."""
    free: bool
    """Each may be matched now."""
    pairs: int
    held: int
    """Sessions of all of them."""


def pair_counts(groups: Sequence[PairGroup]) -> CohortCounts:
    """Sum groups up. Of closed pairs neither health nor claim counts."""
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
