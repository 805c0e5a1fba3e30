"""Pairs of a cohort, counted."""

from domain.programme.pair_counts import PairGroup, pair_counts
from schemas.cohort import CohortCounts
from schemas.stages import Health, Outcome, Stage

FREE = PairGroup(Stage.MATCHING, None, Health.ON_COURSE, 3, 0)
ANNOUNCED = PairGroup(Stage.MATCHING, None, Health.AT_RISK, 2, 0, claimed=True)
IN_SESSIONS = PairGroup(Stage.SESSIONS, None, Health.ON_COURSE, 4, 9, claimed=True)
CLOSED = PairGroup(Stage.CLOSED, Outcome.COMPLETED, Health.AT_RISK, 5, 15, claimed=True)


def test_a_cohort_without_pairs_counts_nothing() -> None:
    assert pair_counts([]) == CohortCounts()


def test_pairs_are_counted_by_stage_outcome_and_sessions() -> None:
    counts = pair_counts([FREE, ANNOUNCED, IN_SESSIONS, CLOSED])
    assert (counts.pairs, counts.sessions_held) == (14, 24)
    assert counts.outcomes == {Outcome.COMPLETED: 5}
    assert counts.stages == {
        Stage.MATCHING: 5,
        Stage.SESSIONS: 4,
        Stage.CLOSED: 5,
    }


def test_a_closed_pair_has_no_health_and_claims_nobody() -> None:
    counts = pair_counts([FREE, ANNOUNCED, IN_SESSIONS, CLOSED])
    assert counts.health == {Health.ON_COURSE: 7, Health.AT_RISK: 2}
    assert counts.claims == 6
