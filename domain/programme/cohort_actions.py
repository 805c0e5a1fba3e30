"""What a cohort does next, from its counts, and which updates it refuses."""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from domain.programme.edges import COHORT_EDGES
from schemas.cohort import (
    CohortCounts,
    CohortPhase,
    CohortState,
    CohortUpdate,
    MatchDecision,
    PauseCohort,
    ResumeCohort,
)
from schemas.guard import AcceptPeopleChange, DismissPeopleChange
from schemas.policy import Approval
from schemas.stages import Stage


class CohortAction(StrEnum):
    """What a cohort does after a look at its counts."""

    WAIT = "wait"
    MATCH = "match"
    ANNOUNCE = "announce"
    ASK_REVIEW = "ask_review"
    APPROVE = "approve"
    CLOSE = "close"
    CHECK_LINES = "check_lines"
    """Look at the reporting lines of all live pairs."""
    SIGNAL_LINES = "signal_lines"
    """Signal pairs what that look found."""


def in_phase(state: CohortState, phase: CohortPhase) -> CohortState:
    """Returns the state in its next phase."""
    assert (state.phase, phase) in COHORT_EDGES
    return state.model_copy(update={"phase": phase})


def next_action(
    state: CohortState, counts: CohortCounts, now: datetime
) -> CohortAction:
    """Returns the first that is due: close, check lines, announce, ask or approve,
    match.
    """
    if counts.stages.get(Stage.CLOSED, 0) >= counts.pairs:
        return CohortAction.CLOSE
    if counts.guard_due:
        return CohortAction.CHECK_LINES
    if counts.guard_to_notify:
        return CohortAction.SIGNAL_LINES
    if counts.paused:
        return CohortAction.WAIT
    if counts.approved:
        return CohortAction.ANNOUNCE
    if counts.proposed:
        return _action_on_proposals(state)
    new = (counts.ready_mentors, counts.waiting_mentees) != state.tried
    both = counts.ready_mentors and counts.waiting_mentees
    if both and new and _trained(state, counts, now):
        return CohortAction.MATCH
    return CohortAction.WAIT


def _action_on_proposals(state: CohortState) -> CohortAction:
    if state.start.plan.policy.matching.approval is Approval.AUTOMATIC:
        return CohortAction.APPROVE
    asked = state.review_asked >= state.run
    return CohortAction.WAIT if asked else CohortAction.ASK_REVIEW


def _trained(state: CohortState, counts: CohortCounts, now: datetime) -> bool:
    """Whether matching may begin: training is over, so that all mentors can be matched.

    It begins earlier when nobody is in training.
    """
    due = state.start.opens_at + state.start.plan.policy.training.within
    return now >= due or not counts.stages.get(Stage.TRAINING, 0)


def refusal(state: CohortState, update: CohortUpdate) -> str | None:
    """Returns why an update cannot be carried out, or None if it can."""
    if state.phase is not CohortPhase.RUN:
        return "the cohort is not running"
    paused = state.start.plan.cohort.workflow_id in state.counts.paused
    match update:
        case PauseCohort():
            return "already paused; allowed: resume" if paused else None
        case ResumeCohort():
            not_by_itself = "the cohort was not paused by itself"
            return None if paused else f"{not_by_itself}; see its programme and region"
        case AcceptPeopleChange() | DismissPeopleChange():
            return None if state.counts.guard_held else "no pairs are held"
        case MatchDecision():
            allowed = '{"all": true}, or ids in approve and refuse'
            return None if update.decides else f"nothing is decided; allowed: {allowed}"
        case _:
            assert_never(update)
