"""Why an update of a programme is refused, in words that say what is allowed."""

from typing import assert_never

from domain.programme.pauses import scope_of
from domain.programme.regions import find_region, region_of
from schemas.handlers import UPDATES_BY_WORKFLOW
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    PauseProgramme,
    ProgrammeState,
    ProgrammeUpdate,
    RegionPhase,
    RegionState,
    RegionUpdate,
    ResumeProgramme,
    TickNeed,
)

RUNNING_PHASES = (RegionPhase.OPEN, RegionPhase.OPENING)
_NAMES = {model: name for name, model in UPDATES_BY_WORKFLOW["programme"].items()}


def refusal(state: ProgrammeState, update: ProgrammeUpdate) -> str | None:
    """Returns why an update cannot be carried out, or None if it can."""
    if state.cancelled:
        return "the programme was cancelled; nothing more opens"
    if update.region and find_region(state, update.region) is None:
        allowed = ", ".join(region.plan.cohort.region for region in state.regions)
        name = _NAMES[type(update)]
        return f"{name}.region: not of this programme; allowed: {allowed}"
    match update:
        case PauseProgramme():
            paused = scope_of(state, update.region) in state.paused
            return "pause: already paused; allowed: resume" if paused else None
        case ResumeProgramme():
            return _refuse_resume(state, update)
        case _:
            return _refuse_about(region_of(state, update.region), update)


def _refuse_about(region: RegionState, update: RegionUpdate) -> str | None:
    match update:
        case ExtendRegion():
            return _refuse_extend(region)
        case HoldRegion():
            return _refuse_hold(region)
        case ConcludeRegion():
            return _refuse_conclude(region)
        case TickNeed():
            return _refuse_tick(region, update)
        case _:
            assert_never(update)


def _refuse_extend(region: RegionState) -> str | None:
    if region.status in RUNNING_PHASES:
        return "extend.region: already open"
    if region.approved and region.status is RegionPhase.NEEDS:
        needed = ", ".join(sorted(region.unticked_needs))
        return (
            f"extend.region: approved already; still needed: {needed}; "
            "tick each with the update tick_need"
        )
    return None


def _refuse_hold(region: RegionState) -> str | None:
    if region.status in RUNNING_PHASES or region.done:
        return (
            f"hold.region: it is {region.status} already; "
            "pairs are ended one by one, with the update end"
        )
    if region.status is RegionPhase.HELD:
        return "hold.region: already held; allowed: extend"
    return None


def _refuse_conclude(region: RegionState) -> str | None:
    if region.status in RUNNING_PHASES:
        return "conclude.region: a wave is open; conclude it once that has closed"
    if region.done:
        return "conclude.region: no further wave is waited for; allowed: extend"
    if region.status is not RegionPhase.CLOSED and region.plan.cohort.wave == 1:
        return "conclude.region: its first wave has not opened; allowed: extend, hold"
    return None


def _refuse_tick(region: RegionState, tick: TickNeed) -> str | None:
    needed = region.unticked_needs
    if tick.need not in needed:
        allowed = ", ".join(needed) or "nothing is needed"
        return f"tick_need.need: not open; allowed: {allowed}"
    return None


def _refuse_resume(state: ProgrammeState, update: ResumeProgramme) -> str | None:
    if scope_of(state, update.region) in state.paused:
        return None
    paused_now = ", ".join(state.paused) or "nothing"
    return f"resume: not paused; paused are: {paused_now}"
