"""Matching: a seat is claimed, and both agree, or the mentor waits first in line.

The mentee signs the charter with the agreement.
"""

from domain.pair import closing, searching, supervision
from domain.pair.step import BOTH, Step
from schemas.events import MatchAgreed, Matched, MatchRefused, PersonLeft, Side
from schemas.notices import Recipient, Template
from schemas.pair import Match
from schemas.stages import Awaited, Outcome, Stage

AGREEMENT_DEADLINES = (Awaited.AGREE_REMINDER, Awaited.AGREE_DUE)


def matched(step: Step, event: Matched) -> None:
    state = step.state
    if state.match is not None:
        return step.ignore(
            "already_known" if state.match.mentee == event.mentee else "seat_is_taken"
        )
    if event.mentee in state.former_mentees:
        return step.ignore("parted_before")
    if state.stage is not Stage.MATCHING:
        return step.ignore("not_ready")
    step.set(match=Match(mentee=event.mentee))
    step.drop_deadlines(Awaited.SEARCH_DUE)
    within = state.policy.matching.agree_within
    due = step.in_open_days(within)
    step.deadline(Awaited.AGREE_REMINDER, step.in_open_days(within / 2), person=True)
    step.deadline(
        Awaited.AGREE_DUE,
        max(due, step.now + 2 * state.minimum_answer_time),
        person=True,
    )
    step.add_line("matched")
    return step.notice(Template.MATCH_ANNOUNCED, *BOTH, useful_until=due)


def agreed(step: Step, event: MatchAgreed) -> None:
    match = step.state.match
    if match is None or match.mentee != event.mentee:
        return step.ignore("another_match")
    if event.side is Side.MENTOR:
        changed = match.model_copy(update={"mentor_agreed": True})
    else:
        charter = match.mentee_charter or event.charter
        changed = match.model_copy(
            update={"mentee_agreed": True, "mentee_charter": charter}
        )
    if changed == match:
        return step.ignore("already_known")
    step.set(match=changed)
    step.add_line("agreed", reason=event.side)
    if changed.mentor_agreed and changed.mentee_agreed and changed.mentee_charter:
        begin_sessions(step)
    return None


def begin_sessions(step: Step) -> None:
    """Look for the first session, since both have agreed."""
    policy = step.state.policy.sessions
    step.drop_deadlines(*AGREEMENT_DEADLINES)
    newest = step.state.sessions[-1].number if step.state.sessions else 0
    step.set(stage=Stage.SESSIONS, first=newest + 1, strikes=0, idle=False)
    step.deadline(
        Awaited.WAVE_ENDS,
        step.now + 2 * policy.count * policy.every + 2 * policy.window,
    )
    step.add_line("sessions_begin")
    searching.plan(step)


def refused(step: Step, event: MatchRefused) -> None:
    match = step.state.match
    if match is None or match.mentee != event.mentee:
        return step.ignore("another_match")
    if step.state.stage is not Stage.MATCHING:
        return step.ignore("already_agreed")
    other = Recipient.MENTEE if event.side is Side.MENTOR else Recipient.MENTOR
    step.notice(Template.MATCH_NOT_MADE, other)
    return separate_pair(step, "refused")


def reminder_due(step: Step) -> None:
    """Remind those who have not answered the proposed match, once."""
    match = step.state.match
    assert match is not None  # the deadline lives only while a match waits
    step.add_line("reminded")
    if not match.mentor_agreed:
        step.notice(Template.AGREEMENT_REMINDER, Recipient.MENTOR)
    if not (match.mentee_agreed and match.mentee_charter):
        step.notice(Template.AGREEMENT_REMINDER, Recipient.MENTEE)


def agreement_due(step: Step) -> None:
    """Part the two, since they did not answer: the claim on the seat expires."""
    step.notice(Template.MATCH_NOT_MADE, *BOTH)
    separate_pair(step, "unanswered")


def separate_pair(step: Step, reason: str) -> None:
    """Part the two. The mentor goes back to the pool, first in line.

    They are never matched with each other again.
    """
    match = step.state.match
    assert match is not None  # there is somebody to part from
    closing.withdraw(step)
    supervision.pass_on_call(step)
    step.refusal = match.mentee
    step.set(
        stage=Stage.MATCHING,
        match=None,
        deadlines={},
        idle=False,
        strikes=0,
        concern_open=False,
        former_mentees=(*step.state.former_mentees, match.mentee),
        notices_awaiting_resume=tuple(
            n
            for n in step.state.notices_awaiting_resume
            if not closing.is_about_match(n)
        ),
    )
    step.deadline(Awaited.SEARCH_DUE, step.now + step.state.policy.matching.search_for)
    step.add_line("parted", reason=reason)


def search_over(step: Step) -> None:
    """Close a pair without a match in time; the mentor comes first in the next wave."""
    step.add_line("unmatched")
    step.notice(Template.UNMATCHED, Recipient.MENTOR)
    closing.close(step, Outcome.UNMATCHED, "no_match")


def mentee_left(step: Step, event: PersonLeft) -> None:
    match = step.state.match
    if match is None or (event.mentee is not None and event.mentee != match.mentee):
        return step.ignore("another_match")
    if step.state.stage is Stage.FEEDBACK:
        return step.ignore("all_sessions_held")
    step.notice(Template.PARTNER_CHANGED, Recipient.MENTOR)
    return separate_pair(step, "mentee_left")


def rematched(step: Step, reason: str) -> None:
    """Part two people as ops ask; the notices to both are neutral."""
    if step.state.match is None or step.state.stage is Stage.FEEDBACK:
        return step.ignore("nobody_to_part")
    step.notice(Template.PARTNER_CHANGED, *BOTH)
    return separate_pair(step, reason)
