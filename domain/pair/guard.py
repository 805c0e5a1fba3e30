"""The guard: two people whom a reorganisation brought too close are frozen until somebody decides about them.

Nobody is told why: a promotion must not become known through a mail of ours. Only this pair parts; the mentor goes back
to the pool, first in line, and the mentee waits for another one.
"""

from domain.pair import closing, matching, pausing, sessions
from domain.pair.step import BOTH, Step
from schemas.guard import ApartAgain, KeptTogether, TooClose
from schemas.notices import Recipient, Template
from schemas.pair import Match
from schemas.stages import Awaited, Stage

REASON = "reorganised"
"""On the ledger, which ops read; what participants are sent has no reason."""


def too_close(step: Step, event: TooClose) -> None:
    """A session to come is withdrawn; one whose time has passed keeps its question."""
    match = _theirs(step, event)
    if match is None:
        return None
    if step.state.stage is Stage.FEEDBACK:
        return step.ignore("all_sessions_held")
    if step.state.frozen or match.kept:
        return step.ignore("kept" if match.kept else "already_known")
    if step.state.stage is Stage.MATCHING:
        step.notice(Template.MATCH_NOT_MADE, *BOTH)
        return matching.part(step, REASON)
    return _freeze(step, match.having(checked=event.check))


def _freeze(step: Step, match: Match) -> None:
    step.line("frozen", reason=REASON)
    if step.state.current and not step.state.current.begun(step.now):
        closing.withdraw(step)
        step.drop(*pausing.OF_A_PROPOSAL)
    step.drop(Awaited.IDLE)
    step.set(match=match)
    within = step.state.policy.supervision.decide_within
    due = max(step.in_open_days(within), step.now + 2 * step.state.patience)
    step.deadline(Awaited.DECISION_REMINDER, step.in_open_days(within / 2), person=True)
    step.deadline(Awaited.DECISION_DUE, due, person=True)
    step.notice(Template.PLANNED_AGAIN, *BOTH)
    step.notice(Template.KEEP_OR_PART, Recipient.SUPERVISOR, check=match.checked)


def apart_again(step: Step, event: ApartAgain) -> None:
    """The lines changed back, or further: there is nothing to decide any more."""
    match = _theirs(step, event)
    if match is None:
        return None
    if not (step.state.frozen or match.kept):
        return step.ignore("already_known")
    step.line("apart_again")
    return _go_on(step, match.having(checked=event.check, kept=False))


def kept(step: Step, event: KeptTogether) -> None:
    """It holds until their lines are apart again: a later look at them asks nobody a second time."""
    match = step.state.match
    if match is None or not step.state.frozen:
        return step.ignore("not_frozen")
    step.line("kept", reason=event.reason)
    return _go_on(step, match.having(kept=True))


def reminder_due(step: Step) -> None:
    """The supervisor is reminded once, and not once it is too late."""
    match = step.state.match
    assert match is not None  # the deadline lives only while a match is frozen
    step.line("reminded")
    due = step.state.deadlines[Awaited.DECISION_DUE]
    step.notice(
        Template.DECISION_REMINDER,
        Recipient.SUPERVISOR,
        check=match.checked,
        useful_until=due,
    )


def decision_due(step: Step) -> None:
    """Nobody decided: the two part, and hear it in neutral words."""
    matching.rematched(step, REASON)


def _go_on(step: Step, match: Match) -> None:
    """The next invitation is what they hear of it."""
    step.set(match=match)
    if step.state.frozen:
        step.drop(Awaited.DECISION_REMINDER, Awaited.DECISION_DUE)
        step.set(
            parked=tuple(
                n for n in step.state.parked if n.template not in closing.OF_A_FREEZE
            )
        )
        sessions.plan(step)


def _theirs(step: Step, event: TooClose | ApartAgain) -> Match | None:
    """The match that the event is about, unless it is another one, or a newer look was heard of."""
    match = step.state.match
    if match is None or match.mentee != event.mentee:
        step.ignore("another_match")
        return None
    if event.check < match.checked:
        step.ignore("newer_check")
        return None
    return match
