"""Supervision: check-ins, pairs at risk, and concerns. A supervisor reads 'call your mentor', not why."""

from datetime import timedelta

from domain.pair.step import Step
from schemas.events import CheckedIn, ConcernRaised, NoticeFailed
from schemas.notices import Recipient, Template
from schemas.stages import Awaited, Health

CALL_WITHIN = timedelta(days=3)
KEPT = 50
"""How many ids of concerns and failed notices are remembered against repeats."""


def ask_check_in(step: Step) -> None:
    step.set(checks=step.state.checks + 1)
    step.line("check_in_asked")
    step.notice(Template.CHECK_IN, Recipient.SUPERVISOR, check=step.state.checks)


def checked_in(step: Step, event: CheckedIn) -> None:
    state = step.state
    if event.check > state.checks:
        return step.ignore("not_asked")
    if event.check <= state.checked:
        return step.ignore("already_known")
    if event.check < state.checks and state.concern_open:
        return step.ignore("newer_request")
    step.set(checked=event.check)
    step.line("checked_in", reason="well" if event.well else "not_well")
    if event.well:
        step.set(concern_open=False, strikes=0)
        step.drop(Awaited.CONCERN_DUE)
        return None
    step.set(concern_open=True)
    return step.notice(Template.PAIR_AT_RISK, Recipient.OPS)


def concern_raised(step: Step, event: ConcernRaised) -> None:
    state = step.state
    if event.concern in state.concerns:
        return step.ignore("already_known")
    step.set(concerns=(*state.concerns, event.concern)[-KEPT:])
    step.line("concern_raised")
    if not state.concern_open:
        step.set(concern_open=True, checks=state.checks + 1)
        step.notice(Template.CALL_MENTOR, Recipient.SUPERVISOR, check=step.state.checks)
        step.deadline(Awaited.CONCERN_DUE, step.in_open_days(CALL_WITHIN), person=True)
        if state.paused:
            concern_in_pause(step)
    return None


def concern_in_pause(step: Step) -> None:
    """No deadline passes meanwhile, so ops hear at once that somebody waits for a call."""
    step.notice(Template.CONCERN_WAITING, Recipient.OPS, check=step.state.checks)


def concern_due(step: Step) -> None:
    """The supervisor did not call yet: ops hear that somebody waits."""
    step.line("concern_waits")
    step.notice(
        Template.CONCERN_WAITING,
        Recipient.SUPERVISOR,
        Recipient.OPS,
        check=step.state.checks,
    )


def look_at_risk(step: Step) -> None:
    """Tell the supervisor once, when the strikes reach the policy's number."""
    if step.state.strikes == step.state.policy.supervision.risk_after:
        _at_risk(step)


def idle(step: Step) -> None:
    """Nothing has been booked for too long: the pair is at risk, and the supervisor is asked to call."""
    already = step.state.health is Health.AT_RISK
    step.set(idle=True)
    step.line("nothing_booked")
    if not already:
        _at_risk(step)


def _at_risk(step: Step) -> None:
    step.set(checks=step.state.checks + 1)
    step.line("at_risk")
    step.notice(Template.PAIR_AT_RISK, Recipient.SUPERVISOR, check=step.state.checks)


def notice_failed(step: Step, event: NoticeFailed) -> None:
    """An address that does not work: ops can mend it; the pair goes on."""
    if event.notice in step.state.failed:
        return step.ignore("already_known")
    step.set(failed=(*step.state.failed, event.notice)[-KEPT:])
    step.line("notice_failed", reason=event.reason)
    return step.notice(Template.ADDRESS_FAILED, Recipient.OPS)
