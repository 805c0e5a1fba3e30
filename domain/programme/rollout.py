"""The rollout: which region opens when, and what reports and updates change about that."""

from datetime import datetime
from typing import assert_never

from domain.programme.pauses import opens_nothing
from domain.programme.regions import (
    at_next_wave,
    at_wave,
    change_region_state,
    find_region,
    region_of,
    with_region,
)
from schemas.cohort import Evidence
from schemas.effects import QueueNotices
from schemas.ids import programme_workflow_id
from schemas.notices import Notice, Recipient, Template
from schemas.policy import Opening
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    ProgrammeState,
    RegionPhase,
    RegionState,
    RegionUpdate,
    TickNeed,
)

NOT_OPEN_YET = (RegionPhase.WAITING, RegionPhase.NEEDS, RegionPhase.PROPOSED)


def open_due_regions(state: ProgrammeState, now: datetime) -> ProgrammeState:
    """Move every region as far as evidence, decisions, needs and time allow.

    The cohorts of those that are OPENING then are to be started.
    """
    if state.cancelled:
        return state
    closed = {
        r.plan.cohort.region: r.evidence
        for r in state.regions
        if r.status is RegionPhase.CLOSED or r.evidence
    }
    started = now >= state.plan.starts_at
    regions = tuple(
        r
        if opens_nothing(state, r.plan.cohort.region)
        else _opened_if_due(_at_due_wave(r, now), closed, started)
        for r in state.regions
    )
    if regions == state.regions:
        return state
    return state.model_copy(
        update={"regions": regions, "revision": state.revision + 1, "now": now}
    )


def next_due(state: ProgrammeState, now: datetime) -> datetime | None:
    """Returns when the next region or wave opens by itself; None: none is planned."""
    active = [
        r for r in state.regions if not opens_nothing(state, r.plan.cohort.region)
    ]
    waves = [r.next_wave_at for r in active if r.next_wave_at is not None]
    return min((at for at in (state.plan.starts_at, *waves) if at > now), default=None)


def _at_due_wave(region: RegionState, now: datetime) -> RegionState:
    """Returns a region whose next wave is due in that wave: to open, or proposed.

    It opens by itself if the plan allows it and the last wave met its aims.
    """
    due = region.next_wave_at
    if region.status is not RegionPhase.CLOSED or due is None or now < due:
        return region
    if _opens_by_itself(region, region.evidence):
        return at_next_wave(region, status=RegionPhase.WAITING, approved=True)
    return at_next_wave(region, status=RegionPhase.PROPOSED, approved=False)


def _opened_if_due(
    region: RegionState, closed: dict[str, Evidence | None], started: bool
) -> RegionState:
    if region.status not in NOT_OPEN_YET or not started:
        return region
    if not region.approved:
        if region.plan.cohort.wave > 1:
            return region
        after = region.plan.after
        if after is not None and after not in closed:
            return region
        if after is not None and not _opens_by_itself(region, closed[after]):
            return change_region_state(region, status=RegionPhase.PROPOSED)
    ready = RegionPhase.NEEDS if region.unticked_needs else RegionPhase.OPENING
    return change_region_state(region, status=ready)


def _opens_by_itself(region: RegionState, evidence: Evidence | None) -> bool:
    enough = evidence is not None and evidence.aims_met
    return region.plan.opening is Opening.AUTOMATIC and enough


def proposal(state: ProgrammeState, region: RegionState, now: datetime) -> QueueNotices:
    """Returns the notice that proposes to the sponsor to open a region or its next
    wave.
    """
    name, wave = region.plan.cohort.region, region.plan.cohort.wave
    items = (name, f"wave:{wave}") if wave > 1 else (name,)
    return QueueNotices(
        scope=programme_workflow_id(state.plan.programme),
        revision=state.revision,
        at=now,
        programme=state.plan.programme,
        region=name,
        notices=(
            Notice(
                template=Template.EXTENSION_PROPOSED, to=Recipient.SPONSOR, items=items
            ),
        ),
    )


def opened(state: ProgrammeState, region: str) -> ProgrammeState:
    """Returns the state after the cohort of a region was started."""
    return with_region(
        state, change_region_state(region_of(state, region), status=RegionPhase.OPEN)
    )


def cohort_closed(
    state: ProgrammeState, evidence: Evidence, now: datetime
) -> ProgrammeState:
    """Returns the state after a cohort reported its end; a next wave gets its date.

    The same report twice, or one of an earlier wave, changes nothing.
    """
    region = find_region(state, evidence.cohort.region)
    if (
        region is None
        or region.status is not RegionPhase.OPEN
        or region.plan.cohort != evidence.cohort
    ):
        return state
    extension, at = region.plan.policy.extension, None
    if evidence.cohort.wave < extension.waves and not state.cancelled:
        at = region.plan.calendar.next_open(now + extension.next_wave_after)
    return with_region(
        state,
        change_region_state(
            region, status=RegionPhase.CLOSED, evidence=evidence, next_wave_at=at
        ),
    )


def cancelled(state: ProgrammeState) -> ProgrammeState:
    """Returns the state after a cancellation: nothing more opens, and open cohorts end."""
    if state.cancelled:
        return state
    return state.model_copy(
        update={
            "regions": tuple(_cancelled(region) for region in state.regions),
            "revision": state.revision + 1,
            "cancelled": True,
        }
    )


def _cancelled(region: RegionState) -> RegionState:
    if region.status in (RegionPhase.OPENING, RegionPhase.OPEN):
        return change_region_state(region, status=RegionPhase.OPEN)
    closed = {"status": RegionPhase.CLOSED, "next_wave_at": None}
    if region.status is RegionPhase.CLOSED or region.plan.cohort.wave == 1:
        return change_region_state(region, **closed)
    return at_wave(region, region.plan.cohort.wave - 1, **closed)


def never_opened(state: ProgrammeState, region: str) -> ProgrammeState:
    """Returns the state of a cancelled programme after a cohort turned out never
    started.
    """
    return with_region(
        state, change_region_state(region_of(state, region), status=RegionPhase.CLOSED)
    )


def updated(
    state: ProgrammeState, update: RegionUpdate, now: datetime
) -> ProgrammeState:
    """Returns the state after an update that a validator accepted."""
    region = region_of(state, update.region)
    match update:
        case ExtendRegion():
            new = _decided(region, status=RegionPhase.WAITING, approved=True)
        case HoldRegion():
            new = _decided(region, status=RegionPhase.HELD, approved=False)
        case ConcludeRegion():
            new = _concluded(region)
        case TickNeed(need=need):
            ticked = (*region.ticked, need)
            new = change_region_state(
                region, ticked=ticked, ticked_at={**region.ticked_at, need: now}
            )
        case _:
            assert_never(update)
    return with_region(state, new)


def _decided(region: RegionState, **changes: object) -> RegionState:
    """Returns the region after a decision, which is about its next wave once it has
    closed.
    """
    if region.status is RegionPhase.CLOSED:
        return at_next_wave(region, **changes)
    return change_region_state(region, **changes)


def _concluded(region: RegionState) -> RegionState:
    """Returns the region closed for good: the last wave that ran remains the last one."""
    if region.status is RegionPhase.CLOSED:
        return change_region_state(region, next_wave_at=None)
    return at_wave(region, region.plan.cohort.wave - 1, status=RegionPhase.CLOSED)
