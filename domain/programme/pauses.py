"""Pauses of a programme or of one of its regions: which are in force, and whose pairs are still to be signalled."""

from schemas.ids import programme_workflow_id, region_scope
from schemas.rollout import ProgrammeState


def scope_of(state: ProgrammeState, region: str | None) -> str:
    """Returns the scope of a pause of the programme or, if given, of one region."""
    programme = state.plan.programme
    return (
        region_scope(programme, region) if region else programme_workflow_id(programme)
    )


def with_pause(state: ProgrammeState, scope: str, *, paused: bool) -> ProgrammeState:
    """A pause is in force, or no longer: pairs obey once they are signalled."""
    change = _with_last if paused else _without
    return state.model_copy(
        update={
            "paused": change(state.paused, scope),
            "scopes_to_notify": _with_last(state.scopes_to_notify, scope),
            "revision": state.revision + 1,
        }
    )


def to_notify(state: ProgrammeState, scope: str) -> ProgrammeState:
    """Returns the state with a scope added to those whose pairs are to be signalled.

    It is noted before a pause changes, so that no failure in between loses the signals.
    """
    return state.model_copy(
        update={"scopes_to_notify": _with_last(state.scopes_to_notify, scope)}
    )


def notified(state: ProgrammeState, scope: str) -> ProgrammeState:
    """Returns the state after the pairs of a scope were signalled."""
    return state.model_copy(
        update={
            "scopes_to_notify": _without(state.scopes_to_notify, scope),
            "revision": state.revision + 1,
        }
    )


def with_pauses_in_force(
    state: ProgrammeState, scopes: tuple[str, ...]
) -> ProgrammeState:
    """Returns the state with these pauses, as PostgreSQL holds them.

    A run may be lost before it saves a pause or its end.
    """
    differ = set(scopes) ^ set(state.paused)
    if not differ:
        return state
    known = (s for s in state.scopes_to_notify if s not in differ)
    return state.model_copy(
        update={
            "paused": scopes,
            "scopes_to_notify": (*known, *sorted(differ)),
            "revision": state.revision + 1,
        }
    )


def opens_nothing(state: ProgrammeState, region: str) -> bool:
    """Whether a pause of the region or of the programme is in force."""
    return bool({scope_of(state, None), scope_of(state, region)} & set(state.paused))


def _with_last(scopes: tuple[str, ...], scope: str) -> tuple[str, ...]:
    return (*_without(scopes, scope), scope)


def _without(scopes: tuple[str, ...], scope: str) -> tuple[str, ...]:
    return tuple(s for s in scopes if s != scope)
