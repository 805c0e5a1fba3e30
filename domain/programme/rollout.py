"""The rollout, pure: what a cohort does next, and which region a programme opens."""

from datetime import datetime
from enum import StrEnum

from domain.programme import pauses
from schemas.cohort import (
    CohortCounts,
    CohortState,
    Evidence,
    ExtendDecision,
    NeedTicked,
    ProgrammeState,
    RegionState,
)
from schemas.effects import QueueNotices
from schemas.ids import programme_workflow_id
from schemas.notices import Notice, Recipient, Template
from schemas.policy import Approval, Opening
from schemas.stages import Stage


class CohortAction(StrEnum):
    """What a cohort does after a look at its counts."""

    WAIT = "wait"
    MATCH = "match"
    ANNOUNCE = "announce"
    ASK_REVIEW = "ask_review"
    APPROVE = "approve"
    CLOSE = "close"
    LOOK_AT_LINES = "look_at_lines"
    TELL_OF_LINES = "tell_of_lines"


def cohort_next(
    state: CohortState, counts: CohortCounts, now: datetime
) -> CohortAction:
    """Guard live pairs, announce what is approved, put before ops what is proposed, match when somebody new waits.

    At the end, close.
    """
    if counts.stages.get(Stage.CLOSED, 0) >= counts.pairs:
        return CohortAction.CLOSE
    if counts.guard_due:
        return CohortAction.LOOK_AT_LINES
    if counts.guard_untold:
        return CohortAction.TELL_OF_LINES
    if counts.paused:
        return CohortAction.WAIT
    if counts.approved:
        return CohortAction.ANNOUNCE
    if counts.proposed:
        if state.start.plan.policy.matching.approval is Approval.AUTOMATIC:
            return CohortAction.APPROVE
        return CohortAction.ASK_REVIEW if state.told < state.run else CohortAction.WAIT
    new = (counts.ready_mentors, counts.waiting_mentees) != state.tried
    if (
        counts.ready_mentors
        and counts.waiting_mentees
        and new
        and _trained(state, counts, now)
    ):
        return CohortAction.MATCH
    return CohortAction.WAIT


def _trained(state: CohortState, counts: CohortCounts, now: datetime) -> bool:
    """Matching waits for the training's end, so that all mentors count; sooner when nobody is in training."""
    due = state.start.opens_at + state.start.plan.policy.training.within
    return now >= due or not counts.stages.get(Stage.TRAINING, 0)


def settle(state: ProgrammeState, now: datetime) -> ProgrammeState:
    """Move every region as far as evidence, decisions, needs and time allow; regions to open get status `opening`."""
    if state.cancelled:
        return state
    closed = {
        r.plan.cohort.region: r.evidence
        for r in state.regions
        if r.status == "closed" or r.evidence
    }
    started = now >= state.plan.starts_at
    regions = tuple(
        r
        if pauses.stands_still(state, r.plan.cohort.region)
        else _settle(_next_wave_due(r, now), closed, started)
        for r in state.regions
    )
    if regions == state.regions:
        return state
    return state.model_copy(
        update={"regions": regions, "revision": state.revision + 1, "now": now}
    )


def next_look(state: ProgrammeState, now: datetime) -> datetime | None:
    """When something happens by itself: the start, then the next wave that falls due."""
    awake = [
        r for r in state.regions if not pauses.stands_still(state, r.plan.cohort.region)
    ]
    waves = [r.next_wave_at for r in awake if r.next_wave_at is not None]
    return min((at for at in (state.plan.starts_at, *waves) if at > now), default=None)


def _next_wave_due(region: RegionState, now: datetime) -> RegionState:
    """Its next wave's turn has come: it opens by itself where that is allowed and the last wave bears it out."""
    if (
        region.status != "closed"
        or region.next_wave_at is None
        or now < region.next_wave_at
    ):
        return region
    enough = region.evidence is not None and region.evidence.met
    if region.plan.opening is Opening.AUTOMATIC and enough:
        return _next_wave(region, status="waiting", approved=True)
    return _next_wave(region, status="proposed", approved=False)


def _next_wave(region: RegionState, **changes: object) -> RegionState:
    return _at_wave(region, region.plan.cohort.wave + 1, next_wave_at=None, **changes)


def _at_wave(region: RegionState, wave: int, **changes: object) -> RegionState:
    cohort = region.plan.cohort.model_copy(update={"wave": wave})
    return region.model_copy(
        update={"plan": region.plan.model_copy(update={"cohort": cohort}), **changes}
    )


def _settle(
    region: RegionState, closed: dict[str, Evidence | None], started: bool
) -> RegionState:
    if region.status not in ("waiting", "needs", "proposed"):
        return region
    if region.plan.cohort.wave > 1 and not region.approved:
        return region
    after = region.plan.after
    if not started or (
        after is not None and after not in closed and not region.approved
    ):
        return region
    if after is not None and not region.approved:
        evidence = closed[after]
        enough = evidence is not None and evidence.met
        if not (region.plan.opening is Opening.AUTOMATIC and enough):
            return region.model_copy(update={"status": "proposed"})
    lacking = set(region.plan.needs) - set(region.ticked)
    return region.model_copy(update={"status": "needs" if lacking else "opening"})


def proposal(state: ProgrammeState, region: RegionState, now: datetime) -> QueueNotices:
    """What the sponsor is told of a region, or of its next wave."""
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
    return _replace(state, _changed(_known(state, region), status="open"))


def cohort_closed(
    state: ProgrammeState, evidence: Evidence, now: datetime
) -> ProgrammeState:
    """A cohort reports its end: its next wave, if one is to come, gets a date.

    The same report twice, or one of an earlier wave, changes nothing.
    """
    found = _region(state, evidence.cohort.region)
    if found is None or found.status != "open" or found.plan.cohort != evidence.cohort:
        return state
    extension, at = found.plan.policy.extension, None
    if evidence.cohort.wave < extension.waves and not state.cancelled:
        at = found.plan.calendar.next_open(now + extension.next_wave_after)
    return _replace(
        state, _changed(found, status="closed", evidence=evidence, next_wave_at=at)
    )


def cancelled(state: ProgrammeState) -> ProgrammeState:
    """Nothing more opens; what is open, or just being opened, is waited for."""
    if state.cancelled:
        return state
    regions = tuple(_cancelled(region) for region in state.regions)
    return state.model_copy(
        update={"regions": regions, "revision": state.revision + 1, "cancelled": True}
    )


def _cancelled(region: RegionState) -> RegionState:
    if region.status in ("opening", "open"):
        return _changed(region, status="open")
    if region.status == "closed" or region.plan.cohort.wave == 1:
        return _changed(region, status="closed", next_wave_at=None)
    return _at_wave(
        region, region.plan.cohort.wave - 1, status="closed", next_wave_at=None
    )


def never_opened(state: ProgrammeState, region: str) -> ProgrammeState:
    """Of a programme that is cancelled: a region whose cohort did not come about."""
    return _replace(state, _changed(_known(state, region), status="closed"))


def extended(state: ProgrammeState, decision: ExtendDecision) -> ProgrammeState:
    """Ops or the sponsor open a region; for one that has closed, its next wave."""
    return _decided(state, decision, status="waiting", approved=True)


def held_back(state: ProgrammeState, decision: ExtendDecision) -> ProgrammeState:
    """Until ops extend it; of a closed region, the next wave."""
    return _decided(state, decision, status="held", approved=False)


def _decided(
    state: ProgrammeState, decision: ExtendDecision, **changes: object
) -> ProgrammeState:
    found = _known(state, decision.region)
    return _replace(
        state,
        _next_wave(found, **changes)
        if found.status == "closed"
        else _changed(found, **changes),
    )


def concluded(state: ProgrammeState, decision: ExtendDecision) -> ProgrammeState:
    """No further wave of a region is waited for; the last one that ran stays its last."""
    found = _known(state, decision.region)
    if found.status == "closed":
        return _replace(state, _changed(found, next_wave_at=None))
    return _replace(state, _at_wave(found, found.plan.cohort.wave - 1, status="closed"))


def need_ticked(
    state: ProgrammeState, tick: NeedTicked, now: datetime
) -> ProgrammeState:
    """Ticked and dated: the region opens when nothing is lacking any more."""
    found = _known(state, tick.region)
    dated = {**found.ticked_at, tick.need: now}
    return _replace(
        state, _changed(found, ticked=(*found.ticked, tick.need), ticked_at=dated)
    )


def refuse_extend(state: ProgrammeState, decision: ExtendDecision) -> str | None:
    found = _region(state, decision.region)
    if found is None:
        return _unknown(state, "extend")
    if found.status in ("open", "opening"):
        return "extend.region: already open"
    if found.approved and found.status == "needs":
        lacking = ", ".join(sorted(set(found.plan.needs) - set(found.ticked)))
        return f"extend.region: approved already; still needed: {lacking}; tick each with the update tick_need"
    return None


def refuse_hold(state: ProgrammeState, decision: ExtendDecision) -> str | None:
    found = _region(state, decision.region)
    if found is None:
        return _unknown(state, "hold")
    if found.status in ("open", "opening") or found.done:
        return f"hold.region: it is {found.status} already; pairs are ended one by one, with the update end"
    return (
        "hold.region: already held; allowed: extend" if found.status == "held" else None
    )


def refuse_conclude(state: ProgrammeState, decision: ExtendDecision) -> str | None:
    found = _region(state, decision.region)
    if found is None:
        return _unknown(state, "conclude")
    if found.status in ("open", "opening"):
        return "conclude.region: a wave is open; conclude it once that has closed"
    if found.done:
        return "conclude.region: no further wave is waited for; allowed: extend"
    if found.status != "closed" and found.plan.cohort.wave == 1:
        return "conclude.region: its first wave has not opened; allowed: extend, hold"
    return None


def refuse_tick(state: ProgrammeState, tick: NeedTicked) -> str | None:
    found = _region(state, tick.region)
    if found is None:
        return _unknown(state, "tick_need")
    open_needs = [n for n in found.plan.needs if n not in found.ticked]
    if tick.need not in open_needs:
        return f"tick_need.need: not open; allowed: {', '.join(open_needs) or 'nothing is needed'}"
    return None


def _region(state: ProgrammeState, name: str) -> RegionState | None:
    return next((r for r in state.regions if r.plan.cohort.region == name), None)


def _known(state: ProgrammeState, name: str) -> RegionState:
    """One that the caller knows to be there: a validator looked, or it is the programme's own."""
    found = _region(state, name)
    assert found is not None
    return found


def _changed(region: RegionState, **changes: object) -> RegionState:
    return region.model_copy(update=changes)


def _replace(state: ProgrammeState, changed: RegionState) -> ProgrammeState:
    name = changed.plan.cohort.region
    regions = tuple(
        changed if r.plan.cohort.region == name else r for r in state.regions
    )
    return state.model_copy(update={"regions": regions, "revision": state.revision + 1})


def _unknown(state: ProgrammeState, update: str) -> str:
    return f"{update}.region: not of this programme; allowed: {', '.join(r.plan.cohort.region for r in state.regions)}"
