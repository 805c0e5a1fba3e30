"""Workflows as their tasks make them, without a server, and activities that answer at once."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.programme import rollout
from schemas.cohort import CohortCounts
from tests.support.lives import A_START, DAY, MONDAY
from tests.unit.domain.programme.test_rollout import (
    after_comex,
    cohort,
    programme,
)
from workflows.cohort import CohortWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow

Running = PairWorkflow | CohortWorkflow | ProgrammeWorkflow
Make = Callable[[str, str], "tuple[Running, FakeActivities]"]


class FakeActivities:
    """Activities that answer at once; `scopes` are the pauses that are in force."""

    def __init__(self) -> None:
        self.scopes = set[str]()
        self.held = 3

    async def ask(self, method: Callable[..., Any], *args: Any, **more: Any) -> Any:
        match method.__name__:
            case "set_pause":
                change = args[0]
                (self.scopes.add if change.paused else self.scopes.discard)(
                    change.scope
                )
            case "decide_people_change":
                self.held = 0
            case "cohort_counts" | "decide_matches" | "check_and_decide_matches":
                return self.counts()
        return None

    def counts(self) -> CohortCounts:
        return CohortCounts(pairs=4, paused=tuple(self.scopes), guard_held=self.held)


def a_pair(_there: FakeActivities, _update: str) -> PairWorkflow:
    return PairWorkflow(A_START.model_dump(mode="json"))


def a_cohort(activities: FakeActivities, update: str) -> CohortWorkflow:
    """Running, with pairs that the guard holds; paused where it is to be resumed."""
    if update == "resume":
        activities.scopes.add("cohort:demo:comex:1")
    made = CohortWorkflow()
    made.current_state = cohort(phase="run", tried=(3, 2), counts=activities.counts())
    return made


def a_programme(activities: FakeActivities, name: str) -> ProgrammeWorkflow:
    """Comex has closed and waits for a second wave, ouest for a decision and a need.

    For `cohort_closed` comex is open instead.
    """
    made = ProgrammeWorkflow()
    if name == "cohort_closed":
        made.current_state = rollout.opened(
            rollout.open_due_regions(programme(), MONDAY), "comex"
        )
        return made
    state = after_comex(needs=("works_council",))
    paused = ("programme:demo",) if name == "resume" else ()
    activities.scopes.update(paused)
    comex = state.regions[0].model_copy(update={"next_wave_at": MONDAY + 90 * DAY})
    made.current_state = state.model_copy(
        update={"regions": (comex, state.regions[1]), "paused": paused}
    )
    return made


MAKE: Mapping[str, Callable[[FakeActivities, str], Running]] = {
    "pair": a_pair,
    "cohort": a_cohort,
    "programme": a_programme,
}
