"""What the Web UI shows of a frozen pair, and of a cohort whose change of people is held."""

import pytest

from schemas.cohort import CohortCounts
from schemas.guard import KeptTogether, TooClose
from tests.support.lives import MENTEE
from tests.unit.domain.pair.factories import agreed
from tests.unit.domain.programme.test_rollout import cohort
from workflows.pairs.pair_details import pair_details
from workflows.rollout_details import cohort_details


def test_a_frozen_pair_says_what_is_awaited_and_how_to_decide() -> None:
    frozen = agreed().on(TooClose(mentee=MENTEE))
    shown = pair_details(frozen.state, (), None)
    assert (
        "do they go on, or part?" in shown
        and "`keep`" in shown
        and "`rematch`" in shown
    )
    assert "`keep`" not in pair_details(
        frozen.on(KeptTogether(reason="agreed")).state, (), None
    )


@pytest.mark.parametrize(("held", "shown"), [(0, False), (1, True), (12, True)])
def test_a_cohort_says_what_is_held_and_how_to_decide(held: int, shown: bool) -> None:
    text = cohort_details(cohort(counts=CohortCounts(pairs=20, guard_held=held)), ())
    assert (
        "`accept_people_change`" in text and "`dismiss_people_change`" in text
    ) == shown
    assert (f"would freeze {held} pair" in text) == shown
