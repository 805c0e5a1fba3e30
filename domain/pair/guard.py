"""The guard: a pair that a reorganisation brought too close is frozen until a decision.

No mail gives the reason: a promotion must not become known through one. If the two
part, the mentor goes back to the pool, first in line, and the mentee waits for another.
"""

from domain.pair import closing, matching, pausing, searching
from domain.pair.step import BOTH, Step
from schemas.guard import ApartAgain, KeptTogether, TooClose
from schemas.notices import Recipient, Template
from schemas.pair import Match
from schemas.stages import Awaited, Stage

REORGANISED = "reorganised"
"""Reason on the ledger, which ops read; notices to participants have none."""


def too_close(step: Step, event: TooClose) -> None:
    """Freeze a pair whose reporting lines became too close; part two not yet agreed.

    A future session is withdrawn. After a session whose time has passed, the mentor is
    still asked whether it was held.
    """
    match = _match_of(step, event)
    if match is None:
        return None
    if step.state.stage is Stage.FEEDBACK:
        return step.ignore("all_sessions_held")
    if step.state.frozen or match.kept:
        return step.ignore("kept" if match.kept else "already_known")
    if step.state.stage is Stage.MATCHING:
        step.notice(Template.MATCH_NOT_MADE, *BOTH)
        return matching.separate_pair(step, REORGANISED)
    return _freeze(step, match.having(people_check=event.check))


def _freeze(step: Step, match: Match) -> None:
    step.add_line("frozen", reason=REORGANISED)
    if step.state.current and not step.state.current.begun(step.now):
        closing.withdraw(step)
        step.drop_deadlines(*pausing.PLANNING_DEADLINES)
    step.drop_deadlines(Awaited.IDLE)
    step.set(match=match)
    within = step.state.policy.supervision.decide_within
    due = max(step.in_open_days(within), step.now + 2 * step.state.minimum_answer_time)
    step.deadline(Awaited.DECISION_REMINDER, step.in_open_days(within / 2), person=True)
    step.deadline(Awaited.DECISION_DUE, due, person=True)
    step.notice(Template.PLANNED_AGAIN, *BOTH)
    step.notice(Template.KEEP_OR_PART, Recipient.SUPERVISOR, check=match.people_check)


def apart_again(step: Step, event: ApartAgain) -> None:
    """End a freeze because the reporting lines are far enough apart again."""
    match = _match_of(step, event)
    if match is None:
        return None
    if not (step.state.frozen or match.kept):
        return step.ignore("already_known")
    step.add_line("apart_again")
    return _go_on(step, match.having(people_check=event.check, kept=False))


def kept(step: Step, event: KeptTogether) -> None:
    """End a freeze by decision: the two stay matched although their lines are close.

    No later check asks again, unless their lines were far enough apart in between.
    """
    match = step.state.match
    if match is None or not step.state.frozen:
        return step.ignore("not_frozen")
    step.add_line("kept", reason=event.reason)
    return _go_on(step, match.having(kept=True))


def reminder_due(step: Step) -> None:
    """Remind the supervisor, once; the notice is dropped after the decision was due."""
    match = step.state.match
    assert match is not None  # the deadline lives only while a match is frozen
    step.add_line("reminded")
    step.notice(
        Template.DECISION_REMINDER,
        Recipient.SUPERVISOR,
        check=match.people_check,
        useful_until=step.state.deadlines[Awaited.DECISION_DUE],
    )


def decision_due(step: Step) -> None:
    """Part the two, since nobody decided; the notices to both are neutral."""
    matching.rematched(step, REORGANISED)


def _go_on(step: Step, match: Match) -> None:
    """End a freeze, if there is one; the two notice it by their next invitation."""
    step.set(match=match)
    if step.state.frozen:
        step.drop_deadlines(Awaited.DECISION_REMINDER, Awaited.DECISION_DUE)
        step.set(
            notices_awaiting_resume=tuple(
                n
                for n in step.state.notices_awaiting_resume
                if n.template not in closing.FREEZE_NOTICES
            )
        )
        searching.plan(step)


def _match_of(step: Step, event: TooClose | ApartAgain) -> Match | None:
    """The match that the event is about; None if it is another, or a newer check is known."""
    match = step.state.match
    if match is None or match.mentee != event.mentee:
        step.ignore("another_match")
        return None
    if event.check < match.people_check:
        step.ignore("newer_check")
        return None
    return match
