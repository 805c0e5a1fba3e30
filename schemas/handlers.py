"""Every signal and update of every type of workflow, declared once.

Temporal's handlers with their descriptions, the console and the documents are made from
these classes. On a workflow class each name is a typed reference for Python clients:
`handle.signal(PairWorkflow.held, Held(session=1))`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from schemas import events, guard, pair_updates, rollout
from schemas.cohort import (
    CohortClosed,
    CohortCounts,
    MatchDecision,
    PauseCohort,
    ResumeCohort,
)
from schemas.effects import DirectivesChanged
from schemas.pair import PairUpdateResult
from schemas.records.people_files import PeopleFileChanged

Payload = TypeVar("Payload", bound=BaseModel)
Result = TypeVar("Result")


class SignalDeclaration(Generic[Payload]):
    """A signal and the model of its payload."""

    def __init__(self, model: type[Payload]) -> None:
        self.model = model

    def __call__(self, run: Any, payload: Payload, /) -> None:
        """Typed as the handler that a workflow class puts in its place."""
        raise NotImplementedError


class UpdateDeclaration(Generic[Payload, Result]):
    """An update, the model of its payload and the type of what it returns."""

    _defn: Any
    """Temporal's definition, which the handler on a workflow class has."""

    def __init__(self, model: type[Payload], result: type[Result]) -> None:
        self.model, self.result = model, result

    def __call__(self, run: Any, payload: Payload, /) -> Result:
        """Typed as the handler that a workflow class puts in its place."""
        raise NotImplementedError

    def validator(
        self, validate: Callable[[Any, Payload], None]
    ) -> Callable[[Any, Payload], None]:
        """Typed as Temporal's: sets the validator of the handler."""
        raise NotImplementedError


class PairHandlers:
    """The signals and updates that `PairWorkflow` handles, named by their `kind`."""

    volunteered = SignalDeclaration(events.Volunteered)
    declined = SignalDeclaration(events.Declined)
    windows_given = SignalDeclaration(events.WindowsGiven)
    module_completed = SignalDeclaration(events.ModuleCompleted)
    charter_signed = SignalDeclaration(events.CharterSigned)
    rehearsed = SignalDeclaration(events.Rehearsed)
    matched = SignalDeclaration(events.Matched)
    agreed = SignalDeclaration(events.MatchAgreed)
    refused = SignalDeclaration(events.MatchRefused)
    answered = SignalDeclaration(events.InvitationAnswered)
    held = SignalDeclaration(events.Held)
    pulse_received = SignalDeclaration(events.PulseReceived)
    concern_raised = SignalDeclaration(events.ConcernRaised)
    checked_in = SignalDeclaration(events.CheckedIn)
    person_left = SignalDeclaration(events.PersonLeft)
    too_close = SignalDeclaration(guard.TooClose)
    apart_again = SignalDeclaration(guard.ApartAgain)
    notice_failed = SignalDeclaration(events.NoticeFailed)
    directives_changed = SignalDeclaration(DirectivesChanged)

    sign_off = UpdateDeclaration(pair_updates.SignOffMentor, PairUpdateResult)
    waive = UpdateDeclaration(pair_updates.WaiveGateItem, PairUpdateResult)
    pause = UpdateDeclaration(pair_updates.PausePair, PairUpdateResult)
    resume = UpdateDeclaration(pair_updates.ResumePair, PairUpdateResult)
    reschedule = UpdateDeclaration(pair_updates.RescheduleSession, PairUpdateResult)
    rematch = UpdateDeclaration(pair_updates.RematchPair, PairUpdateResult)
    keep = UpdateDeclaration(guard.KeptTogether, PairUpdateResult)
    end = UpdateDeclaration(pair_updates.EndPair, PairUpdateResult)


class CohortHandlers:
    """The signals and updates that `CohortWorkflow` handles."""

    people_changed = SignalDeclaration(guard.PeopleChanged)

    approve_matches = UpdateDeclaration(MatchDecision, CohortCounts)
    pause = UpdateDeclaration(PauseCohort, CohortCounts)
    resume = UpdateDeclaration(ResumeCohort, CohortCounts)
    accept_people_change = UpdateDeclaration(guard.AcceptPeopleChange, CohortCounts)
    dismiss_people_change = UpdateDeclaration(guard.DismissPeopleChange, CohortCounts)


class ProgrammeHandlers:
    """The signals and updates that `ProgrammeWorkflow` handles."""

    cohort_closed = SignalDeclaration(CohortClosed)

    extend = UpdateDeclaration(rollout.ExtendRegion, str)
    hold = UpdateDeclaration(rollout.HoldRegion, str)
    conclude = UpdateDeclaration(rollout.ConcludeRegion, str)
    tick_need = UpdateDeclaration(rollout.TickNeed, str)
    pause = UpdateDeclaration(rollout.PauseProgramme, str)
    resume = UpdateDeclaration(rollout.ResumeProgramme, str)


class PeopleImportHandlers:
    """The signal that `PeopleImportWorkflow` handles; only the gateway sends it."""

    file_changed = SignalDeclaration(PeopleFileChanged)


Models = Mapping[str, type[BaseModel]]
HANDLERS: Mapping[str, type] = {
    "pair": PairHandlers,
    "cohort": CohortHandlers,
    "programme": ProgrammeHandlers,
}
"""The handlers of each type of workflow, by the first part of its ids."""


def signals_of(handlers: type) -> dict[str, SignalDeclaration[Any]]:
    """The signals that a class of handlers declares, by name."""
    return {
        name: declared
        for name, declared in vars(handlers).items()
        if isinstance(declared, SignalDeclaration)
    }


def updates_of(handlers: type) -> dict[str, UpdateDeclaration[Any, Any]]:
    """The updates that a class of handlers declares, by name."""
    return {
        name: declared
        for name, declared in vars(handlers).items()
        if isinstance(declared, UpdateDeclaration)
    }


SIGNALS_BY_WORKFLOW: Mapping[str, Models] = {
    kind: {name: each.model for name, each in signals_of(handlers).items()}
    for kind, handlers in HANDLERS.items()
}
UPDATES_BY_WORKFLOW: Mapping[str, Models] = {
    kind: {name: each.model for name, each in updates_of(handlers).items()}
    for kind, handlers in HANDLERS.items()
}


def kind_of(workflow_id: str) -> str:
    """Returns a key of `HANDLERS`, such as `pair`; empty where nothing can be sent."""
    kind = workflow_id.partition(":")[0]
    return kind if kind in HANDLERS else ""
