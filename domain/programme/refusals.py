"""Why an update of a programme is refused, in words that say what is allowed."""

from typing import assert_never

from domain.programme.pauses import scope_of
from domain.programme.regions import find_region
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    PauseProgramme,
    ProgrammeState,
    ProgrammeUpdate,
    RegionPhase,
    ResumeProgramme,
    TickNeed,
)

RUNNING_PHASES = (RegionPhase.OPEN, RegionPhase.OPENING)


def refusal(state: ProgrammeState, update: ProgrammeUpdate) -> str | None:
    """Returns why an update cannot be carried out, or None if it can."""
    if state.cancelled:
        return "the programme was cancelled; nothing more opens"
    match update:
        case ExtendRegion():
            return _refuse_extend(state, update.region)
        case HoldRegion():
            return _refuse_hold(state, update.region)
        case ConcludeRegion():
            return _refuse_conclude(state, update.region)
        case TickNeed():
            return _refuse_tick(state, update)
        case PauseProgramme():
            return _refuse_pause(state, update)
        case ResumeProgramme():
            return _refuse_resume(state, update)
        case _:
            assert_never(update)


def _refuse_extend(state: ProgrammeState, name: str) -> str | None:
    region = find_region(state, name)
    if region is None:
        return _unknown(state, "extend")
    if region.status in RUNNING_PHASES:
        return "extend.region: already open"
    if region.approved and region.status is RegionPhase.NEEDS:
        needed = ", ".join(sorted(region.unticked_needs))
        return (
            f"extend.region: approved already; still needed: {needed}; "
            "tick each with the update tick_need"
        )
    return None


def _refuse_hold(state: ProgrammeState, name: str) -> str | None:
    region = find_region(state, name)
    if region is None:
        return _unknown(state, "hold")
    if region.status in RUNNING_PHASES or region.done:
        return (
            f"hold.region: it is {region.status} already; "
            "pairs are ended one by one, with the update end"
        )
    if region.status is RegionPhase.HELD:
        return "hold.region: already held; allowed: extend"
    return None


def _refuse_conclude(state: ProgrammeState, name: str) -> str | None:
    region = find_region(state, name)
    if region is None:
        return _unknown(state, "conclude")
    if region.status in RUNNING_PHASES:
        return "conclude.region: a wave is open; conclude it once that has closed"
    if region.done:
        return "conclude.region: no further wave is waited for; allowed: extend"
    if region.status is not RegionPhase.CLOSED and region.plan.cohort.wave == 1:
        return "conclude.region: its first wave has not opened; allowed: extend, hold"
    return None


def _refuse_tick(state: ProgrammeState, tick: TickNeed) -> str | None:
    region = find_region(state, tick.region)
    if region is None:
        return _unknown(state, "tick_need")
    needed = region.unticked_needs
    if tick.need not in needed:
        allowed = ", ".join(needed) or "nothing is needed"
        return f"tick_need.need: not open; allowed: {allowed}"
    return None


def _refuse_pause(state: ProgrammeState, update: PauseProgramme) -> str | None:
    if update.region and find_region(state, update.region) is None:
        return _unknown(state, "pause")
    if scope_of(state, update.region) in state.paused:
        return "pause: already paused; allowed: resume"
    return None


def _refuse_resume(state: ProgrammeState, update: ResumeProgramme) -> str | None:
    if update.region and find_region(state, update.region) is None:
        return _unknown(state, "resume")
    if scope_of(state, update.region) in state.paused:
        return None
    paused_now = ", ".join(state.paused) or "nothing"
    return f"resume: not paused; paused are: {paused_now}"


def _unknown(state: ProgrammeState, update: str) -> str:
    allowed = ", ".join(region.plan.cohort.region for region in state.regions)
    return f"{update}.region: not of this programme; allowed: {allowed}"
