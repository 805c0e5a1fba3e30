"""Pauses of a whole programme or of one of its regions: what is in force, and whose pairs are still to be told."""

from schemas.cohort import PauseDecision, ProgrammeState, ResumeDecision
from schemas.ids import programme_workflow_id, region_scope


def scope_of(state: ProgrammeState, region: str | None) -> str:
    """What the pause of a programme, or of one of its regions, is called in PostgreSQL."""
    programme = state.plan.programme
    return (
        region_scope(programme, region) if region else programme_workflow_id(programme)
    )


def paused(state: ProgrammeState, decision: PauseDecision) -> ProgrammeState:
    """Nothing opens meanwhile; pairs obey once they are told."""
    scope = scope_of(state, decision.region)
    return _changed(state, _last(state.paused, scope), scope)


def resumed(state: ProgrammeState, decision: ResumeDecision) -> ProgrammeState:
    scope = scope_of(state, decision.region)
    return _changed(state, tuple(s for s in state.paused if s != scope), scope)


def to_tell(state: ProgrammeState, scope: str) -> ProgrammeState:
    """Noted before it is in force, so that no failure between the two leaves its pairs untold."""
    return state.model_copy(update={"untold": _last(state.untold, scope)})


def as_in_force(state: ProgrammeState, scopes: tuple[str, ...]) -> ProgrammeState:
    """Of a run that was lost after a pause came into force, or went out of it, and before that was saved."""
    if differ := set(scopes) ^ set(state.paused):
        untold = (*(s for s in state.untold if s not in differ), *sorted(differ))
        return state.model_copy(
            update={"paused": scopes, "untold": untold, "revision": state.revision + 1}
        )
    return state


def told(state: ProgrammeState, scope: str) -> ProgrammeState:
    """Every pair of the scope looks what is in force."""
    left = tuple(s for s in state.untold if s != scope)
    return state.model_copy(update={"untold": left, "revision": state.revision + 1})


def stands_still(state: ProgrammeState, region: str) -> bool:
    """Whether a region opens nothing just now."""
    return bool({scope_of(state, None), scope_of(state, region)} & set(state.paused))


def refuse_pause(state: ProgrammeState, decision: PauseDecision) -> str | None:
    if unknown := _unknown(state, "pause", decision.region):
        return unknown
    if scope_of(state, decision.region) in state.paused:
        return "pause: already paused; allowed: resume"
    return None


def refuse_resume(state: ProgrammeState, decision: ResumeDecision) -> str | None:
    if unknown := _unknown(state, "resume", decision.region):
        return unknown
    if scope_of(state, decision.region) in state.paused:
        return None
    paused_now = ", ".join(state.paused) or "nothing"
    return f"resume: not paused; paused are: {paused_now}"


def _changed(
    state: ProgrammeState, scopes: tuple[str, ...], scope: str
) -> ProgrammeState:
    untold = _last(state.untold, scope)
    return state.model_copy(
        update={"paused": scopes, "untold": untold, "revision": state.revision + 1}
    )


def _last(scopes: tuple[str, ...], scope: str) -> tuple[str, ...]:
    return (*(s for s in scopes if s != scope), scope)


def _unknown(state: ProgrammeState, update: str, region: str | None) -> str | None:
    known = [r.plan.cohort.region for r in state.regions]
    if region is None or region in known:
        return None
    return f"{update}.region: not of this programme; allowed: {', '.join(known)}"
