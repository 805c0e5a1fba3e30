"""The edges of regions and cohorts: whatever happens, in whatever order, goes along one of them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.programme import regions, rollout
from domain.programme.cohort_actions import in_phase
from domain.programme.edges import COHORT_EDGES, REGION_EDGES
from domain.programme.refusals import refusal
from schemas.cohort import CohortPhase, Evidence
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    ProgrammeState,
    RegionPhase,
    RegionUpdate,
    TickNeed,
)
from tests.support.lives import DAY, MONDAY
from tests.unit.domain.programme.test_rollout import cohort, evidence, programme
from tests.unit.domain.programme.test_waves import comex_closed

Change = Callable[[ProgrammeState, datetime], ProgrammeState]
REGIONS = ("comex", "ouest")


def update(of: RegionUpdate) -> Change:
    def change(state: ProgrammeState, now: datetime) -> ProgrammeState:
        accepted = refusal(state, of) is None
        return rollout.updated(state, of, now) if accepted else state

    return change


def start_cohorts(state: ProgrammeState, now: datetime) -> ProgrammeState:
    for region in state.regions:
        if region.status is RegionPhase.OPENING:
            state = rollout.opened(state, region.plan.cohort.region)
    return state


def report(name: str, *, aims_met: bool) -> Change:
    def change(state: ProgrammeState, now: datetime) -> ProgrammeState:
        ref = regions.region_of(state, name).plan.cohort
        found: Evidence = evidence(aims_met=aims_met).model_copy(update={"cohort": ref})
        return rollout.cohort_closed(state, found, now)

    return change


CHANGES: list[Change] = [
    rollout.open_due_regions,
    start_cohorts,
    lambda state, _now: rollout.cancelled(state),
    *(
        report(name, aims_met=aims_met)
        for name in REGIONS
        for aims_met in (True, False)
    ),
    *(update(ExtendRegion(region=name)) for name in REGIONS),
    *(update(HoldRegion(region=name)) for name in REGIONS),
    *(update(ConcludeRegion(region=name)) for name in REGIONS),
    update(TickNeed(region="ouest", need="paper")),
]
STARTS = [
    programme(),
    programme(opening="automatic", needs=("paper",)),
    comex_closed(waves=3),
    comex_closed(waves=3, opening="automatic"),
    comex_closed(waves=3, aims_met=False),
]


@given(
    start=st.sampled_from(STARTS),
    changes=st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 300)), max_size=30
    ),
)
def test_no_region_leaves_the_edges_whatever_happens(
    start: ProgrammeState, changes: list[tuple[Change, int]]
) -> None:
    state, now = start, MONDAY
    for change, days in changes:
        now += days * DAY
        state = change(state, now)
        assert all(region.plan.cohort.wave >= 1 for region in state.regions)


def test_every_edge_of_a_region_is_taken_by_some_life() -> None:
    """Breadth first over two waves; a change comes at once, or when all has fallen due."""
    missing, seen, queue = set(REGION_EDGES), set[str](), list(STARTS)
    while missing and queue:
        state = queue.pop(0)
        for change in CHANGES:
            for now in (state.now, state.now + 200 * DAY):
                new = change(state, now)
                missing -= edges_between(state, new)
                if (key := essence(new)) not in seen:
                    seen.add(key)
                    queue.append(new)
    assert missing == set()


def essence(state: ProgrammeState) -> str:
    """What decides where its regions may go; the same for every state past two waves."""
    if state.cancelled or any(r.plan.cohort.wave > 2 for r in state.regions):
        return ""
    return str(
        [
            (r.status, r.plan.cohort.wave, r.approved, r.ticked, aims_met(r.evidence))
            for r in state.regions
        ]
    )


def aims_met(evidence: Evidence | None) -> bool | None:
    return evidence.aims_met if evidence else None


def edges_between(
    old: ProgrammeState, new: ProgrammeState
) -> set[tuple[RegionPhase, RegionPhase]]:
    both = zip(old.regions, new.regions, strict=True)
    return {(a.status, b.status) for a, b in both if a.status is not b.status}


@pytest.mark.parametrize("before", CohortPhase)
@pytest.mark.parametrize("after", CohortPhase)
def test_a_cohort_goes_only_along_its_edges(
    before: CohortPhase, after: CohortPhase
) -> None:
    state = cohort(phase=before)
    if (before, after) in COHORT_EDGES:
        assert in_phase(state, after).phase is after
    else:
        with pytest.raises(AssertionError):
            in_phase(state, after)
