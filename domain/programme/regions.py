"""The regions of a running programme: finding one, changing one, moving one to another wave."""

from domain.programme.edges import REGION_EDGES
from schemas.rollout import ProgrammeState, RegionState


def find_region(state: ProgrammeState, name: str) -> RegionState | None:
    return next((r for r in state.regions if r.plan.cohort.region == name), None)


def region_of(state: ProgrammeState, name: str) -> RegionState:
    """Returns a region that exists, as a validator checked or the programme knows
    itself.
    """
    found = find_region(state, name)
    assert found is not None
    return found


def change_region_state(region: RegionState, **changes: object) -> RegionState:
    new = region.model_copy(update=changes)
    assert region.status is new.status or (region.status, new.status) in REGION_EDGES
    return new


def at_next_wave(region: RegionState, **changes: object) -> RegionState:
    return at_wave(region, region.plan.cohort.wave + 1, next_wave_at=None, **changes)


def at_wave(region: RegionState, wave: int, **changes: object) -> RegionState:
    cohort = region.plan.cohort.model_copy(update={"wave": wave})
    plan = region.plan.model_copy(update={"cohort": cohort})
    return change_region_state(region, plan=plan, **changes)


def with_region(state: ProgrammeState, new: RegionState) -> ProgrammeState:
    """Returns the next revision of the programme, with `new` in its place."""
    name = new.plan.cohort.region
    regions = tuple(new if r.plan.cohort.region == name else r for r in state.regions)
    return state.model_copy(update={"regions": regions, "revision": state.revision + 1})
