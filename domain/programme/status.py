"""How a programme is doing: the same numbers for the command line, the console and the demo."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.programme.pair_counts import PairGroup, pair_tally
from schemas.programme import ProgrammePlan
from schemas.records.releases import Release
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.rollout import ProgrammeState, RegionPhase, RegionState
from schemas.stages import Awaited
from schemas.time.clock import Clock

FOR_NOBODY = frozenset({Awaited.SEARCH_DUE, Awaited.FIND_AGAIN, Awaited.WAVE_ENDS})
"""Deadlines that pass by themselves; every other one waits for a person."""


class OpenedCohort(NamedTuple):
    """A wave of a region that opened."""

    region: str
    wave: int
    closed_at: datetime | None
    """Programme time; None while it runs."""
    guard_held: int
    """Pairs about which its guard asks ops."""


class CohortPairGroup(NamedTuple):
    """Pairs of one cohort with the same stage, outcome and health, counted together."""

    region: str
    wave: int
    group: PairGroup


@dataclass(frozen=True)
class ProgrammeFigures:
    """All that a status is made of, as of one moment."""

    programme: str
    clock: Clock
    wall: datetime
    plan: ProgrammePlan
    state: ProgrammeState | None
    """The state that the programme saved last; None: it has not begun."""
    cohorts: Sequence[OpenedCohort]
    pairs: Sequence[CohortPairGroup]
    releases: Sequence[Release]
    """The newest of each cohort."""
    next_steps: Mapping[str, int]
    """Live pairs by what they wait for."""
    waiting_for_ops: Mapping[str, int]
    notices: Mapping[str, int]


def programme_status(figures: ProgrammeFigures) -> ProgrammeStatus:
    regions = (*_opened(figures), *_not_opened(figures))
    status = _status(figures, regions)
    closings = [cohort.closed_at for cohort in figures.cohorts if cohort.closed_at]
    return ProgrammeStatus(
        programme=figures.programme,
        status=status,
        now=figures.clock.programme(figures.wall),
        closed_at=max(closings, default=None) if status == "closed" else None,
        pace=figures.clock.pace,
        regions=regions,
        notices=dict(figures.notices),
        waiting_for=_waiting_for(figures),
    )


def _region_states(figures: ProgrammeFigures) -> dict[str, RegionState]:
    """Region by region, in the order of the document."""
    state = figures.state
    regions = (
        state.regions
        if state
        else [RegionState(plan=cohort) for cohort in figures.plan.cohorts]
    )
    return {region.plan.cohort.region: region for region in regions}


def _opened(figures: ProgrammeFigures) -> Iterable[RegionStatus]:
    states = _region_states(figures)
    order = list(states)
    for cohort in sorted(
        figures.cohorts, key=lambda c: (order.index(c.region), c.wave)
    ):
        newest = states[cohort.region]
        is_newest = newest.plan.cohort.wave == cohort.wave
        yield _cohort_status(
            cohort, figures, newest.next_wave_at if is_newest else None
        )


def _cohort_status(
    cohort: OpenedCohort, figures: ProgrammeFigures, next_wave_at: datetime | None
) -> RegionStatus:
    key = (cohort.region, cohort.wave)
    pairs = [some.group for some in figures.pairs if (some.region, some.wave) == key]
    release = next(
        (r for r in figures.releases if (r.cohort.region, r.cohort.wave) == key), None
    )
    return RegionStatus(
        **dict(pair_tally(pairs)),
        region=cohort.region,
        wave=cohort.wave,
        status="closed" if cohort.closed_at else "open",
        next_wave_at=next_wave_at,
        answers=release.people if release else 0,
        mean_pulse=release.mean if release else None,
        release=release,
        guard_held=cohort.guard_held,
    )


def _not_opened(figures: ProgrammeFigures) -> Iterable[RegionStatus]:
    """Regions, and next waves of regions, that have a status and no pairs yet."""
    opened = {(cohort.region, cohort.wave) for cohort in figures.cohorts}
    for name, state in _region_states(figures).items():
        wave = state.plan.cohort.wave
        if (name, wave) not in opened:
            yield RegionStatus(
                region=name, wave=wave if wave > 1 else 0, status=state.status
            )


def _status(figures: ProgrammeFigures, regions: Sequence[RegionStatus]) -> str:
    if figures.state is None:
        return "starting"
    closed = all(region.status == "closed" for region in regions)
    more = any(map(_more_to_come, figures.state.regions))
    return "closed" if closed and not more else "running"


def _more_to_come(region: RegionState) -> bool:
    """A next wave has its date, or gets it when the programme receives that this one has closed."""
    runs = region.status in (RegionPhase.OPENING, RegionPhase.OPEN)
    has_next = region.plan.cohort.wave < region.plan.policy.extension.waves
    return (runs and has_next) or region.next_wave_at is not None


def _waiting_for(figures: ProgrammeFigures) -> dict[str, int]:
    phases = Counter(region.status for region in _region_states(figures).values())
    waiting = {
        **figures.next_steps,
        **figures.waiting_for_ops,
        "guard_held": sum(cohort.guard_held for cohort in figures.cohorts),
        "extension": phases[RegionPhase.PROPOSED],
    }
    return {
        what: count
        for what, count in waiting.items()
        if count and what not in FOR_NOBODY
    }
