"""Pauses of a programme and of its regions: they add up, in whichever order they come and go."""

from itertools import permutations

import pytest

from domain.programme import pauses
from domain.programme.refusals import refusal
from schemas.rollout import PauseProgramme, ProgrammeState, ResumeProgramme
from tests.unit.domain.programme.test_waves import comex_closed

SCOPES = (None, "comex", "ouest")


def paused(*regions: str | None) -> ProgrammeState:
    state = comex_closed()
    for region in regions:
        scope = pauses.scope_of(state, region)
        state = pauses.with_pause(state, scope, paused=True)
    return state


@pytest.mark.parametrize("order", list(permutations(SCOPES)))
def test_a_region_opens_nothing_until_neither_it_nor_the_programme_is_paused(
    order: tuple[str | None, ...],
) -> None:
    state, left = paused(*SCOPES), set(SCOPES)
    for region in order:
        scope = pauses.scope_of(state, region)
        state = pauses.with_pause(state, scope, paused=False)
        left.remove(region)
        still = {
            name for name in ("comex", "ouest") if pauses.opens_nothing(state, name)
        }
        assert still == ({"comex", "ouest"} if None in left else left)
    assert state.paused == ()


def test_the_same_pause_twice_at_once_is_one() -> None:
    assert paused("comex", "comex").paused == ("region:demo:comex",)


def test_pairs_are_signalled_again_of_a_change_during_the_signals() -> None:
    state = pauses.notified(paused("comex"), "region:demo:comex")
    scope = "region:demo:comex"
    changed = pauses.with_pause(state, scope, paused=False)
    assert changed.scopes_to_notify == (scope,)


@pytest.mark.parametrize("region", SCOPES)
def test_what_is_paused_is_resumed_and_what_is_not_is_not(region: str | None) -> None:
    state = paused(region)
    assert (
        refusal(state, PauseProgramme(region=region))
        == "pause: already paused; allowed: resume"
    )
    assert refusal(state, ResumeProgramme(region=region)) is None
    other = next(scope for scope in SCOPES if scope != region)
    assert "not paused; paused are: " in (
        refusal(state, ResumeProgramme(region=other)) or ""
    )


def test_a_programme_that_lost_its_run_goes_on_with_the_pauses_that_are_in_force() -> (
    None
):
    known = paused("comex")
    lost = known.model_copy(update={"scopes_to_notify": ()})
    assert pauses.with_pauses_in_force(lost, ("region:demo:comex",)) is lost
    found = pauses.with_pauses_in_force(lost, ("programme:demo",))
    assert found.paused == ("programme:demo",)
    assert found.scopes_to_notify == ("programme:demo", "region:demo:comex")
    assert found.revision > lost.revision
    assert refusal(found, ResumeProgramme()) is None
