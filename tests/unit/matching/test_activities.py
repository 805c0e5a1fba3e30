"""The activities over a store that is played: what they ask, keep and answer."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event
from typing import Any, cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.matching.activities import MatchingActivities
from activities.matching.ports import MatchingStore
from domain.matching.scoring import CancellationCheckpoint
from schemas.cohort import MatchSummary
from schemas.ids import CohortRef
from schemas.matches.matching import (
    MatchingPool,
    MatchProposal,
    MatchRun,
    RuleGain,
    UnmatchedPerson,
)
from schemas.policy import Policy
from schemas.programme import CohortPlan
from schemas.time.calendar import WorkCalendar
from tests.support.pools import COHORT, a_person, a_pool, who

POOL = a_pool([a_person("m")], [a_person("x"), a_person("y", languages={"de"})])
PLAN = CohortPlan(cohort=COHORT, policy=Policy(), calendar=WorkCalendar())


class PlayedPools:
    """Returns one pool, or an outage whose text names somebody."""

    def __init__(self, pool: MatchingPool | None) -> None:
        self.answer = pool

    async def current(self, cohort: CohortRef) -> MatchingPool:
        if self.answer is None:
            raise ConnectionError("cannot read the row of m@example.org")
        return self.answer

    async def planned(self, plan: CohortPlan) -> MatchingPool:
        return await self.current(plan.cohort)


class PlayedMatches:
    """Keeps runs."""

    def __init__(self) -> None:
        self.saved: list[
            tuple[CohortRef, Sequence[MatchProposal], Sequence[UnmatchedPerson]]
        ] = []

    async def save_run(
        self,
        cohort: CohortRef,
        proposals: Sequence[MatchProposal],
        left: Sequence[UnmatchedPerson],
        gains: Sequence[RuleGain] = (),
    ) -> MatchSummary:
        self.saved.append((cohort, proposals, left))
        return MatchSummary(
            run=1,
            proposed=len(proposals),
            unmatched_mentors=0,
            unmatched_mentees=len(left),
        )


class PlayedStore:
    """It has what a run and a check ask, and nothing of the guard and of decisions."""

    def __init__(self, pool: MatchingPool | None = POOL) -> None:
        self.pools = PlayedPools(pool)
        self.matches = PlayedMatches()


def _over(store: PlayedStore) -> MatchingActivities:
    return MatchingActivities(cast(MatchingStore, store))


async def test_a_run_is_kept_and_returned_as_counts() -> None:
    store = PlayedStore()
    summary = await ActivityEnvironment().run(_over(store).match_cohort, COHORT)
    assert summary == MatchSummary(
        run=1, proposed=1, unmatched_mentors=0, unmatched_mentees=1
    )
    ((cohort, proposals, left),) = store.matches.saved
    assert (cohort, [p.mentee for p in proposals], [one.person for one in left]) == (
        COHORT,
        [who("x")],
        [who("y")],
    )


async def test_a_check_returns_who_has_no_possible_mentor_and_keeps_nothing() -> None:
    store = PlayedStore()
    found = await ActivityEnvironment().run(
        _over(store).find_mentees_without_mentor, PLAN
    )
    assert (found.mentees, store.matches.saved) == ((who("y"),), [])


async def test_pins_that_contradict_each_other_are_named_and_nothing_is_kept() -> None:
    mentor, mentee, other = a_person("m"), a_person("x"), a_person("y")
    pins = frozenset({(mentor.person, mentee.person), (mentor.person, other.person)})
    store = PlayedStore(a_pool([mentor], [mentee, other], pins=pins))
    with pytest.raises(ApplicationError) as stopped:
        await ActivityEnvironment().run(_over(store).match_cohort, COHORT)
    assert (stopped.value.type, store.matches.saved) == ("PinsContradict", [])
    assert all(one.person in str(stopped.value) for one in (mentor, mentee, other))


async def test_a_cancelled_run_ends_at_the_next_step_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, ended = Event(), Event()

    def for_ever(
        pool: MatchingPool, step: CancellationCheckpoint, *others: Any
    ) -> MatchRun:
        begun.set()
        try:
            while True:
                step()
        finally:
            ended.set()

    monkeypatch.setattr("activities.matching.steps.match_pool", for_ever)
    store = PlayedStore()
    running = asyncio.ensure_future(
        ActivityEnvironment().run(_over(store).match_cohort, COHORT)
    )
    await asyncio.to_thread(begun.wait, 30)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (ended.is_set(), store.matches.saved) == (True, [])


@pytest.mark.parametrize(
    ("name", "asked"), [("match_cohort", COHORT), ("find_mentees_without_mentor", PLAN)]
)
async def test_an_outage_of_the_store_is_reported_without_its_text(
    name: str, asked: CohortRef | CohortPlan
) -> None:
    activities = _over(PlayedStore(None))
    with pytest.raises(ApplicationError) as stopped:
        await ActivityEnvironment().run(getattr(activities, name), asked)
    assert (stopped.value.type, stopped.value.non_retryable) == (
        "ConnectionError",
        False,
    )
    assert "example.org" not in str(stopped.value)
    assert stopped.value.__cause__ is None


async def test_a_long_computation_says_how_far_it_is_until_it_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beaten, reported = Event(), list[Any]()

    def until_beaten(
        pool: MatchingPool,
        step: CancellationCheckpoint,
        counting: CancellationCheckpoint,
        begun: Callable[[str], None],
    ) -> MatchRun:
        step()
        begun("assignment")
        step()
        step()
        assert beaten.wait(30), "no heartbeat came"
        return MatchRun()

    def beat(*details: Any) -> None:
        reported.extend(details)
        if details[0]["steps"] == 2:
            beaten.set()

    monkeypatch.setattr("activities.matching.steps.match_pool", until_beaten)
    monkeypatch.setattr("activities.matching.progress.HEARTBEAT_SECONDS", 0.01)
    environment = ActivityEnvironment()
    environment.on_heartbeat = beat
    assert (
        await environment.run(_over(PlayedStore()).match_cohort, COHORT)
    ).proposed == 0
    assert reported[-1] == {"phase": "assignment", "steps": 2}
