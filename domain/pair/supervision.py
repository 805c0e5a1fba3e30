"""Supervision: check-ins, pairs at risk, and concerns.

A supervisor is asked to call the mentor, without the reason.
"""

from datetime import timedelta

from domain.notices.keys import template_of
from domain.pair import searching
from domain.pair.step import Step
from schemas.events import CheckedIn, ConcernRaised, NoticeFailed
from schemas.notices import Recipient, Template
from schemas.records.reasons import DeliveryFailure
from schemas.stages import Awaited, Health

CALL_WITHIN = timedelta(days=3)
ASKED_NEXT = {
    Template.CALL_MENTOR: Recipient.OPS,
    Template.CONCERN_WAITING: Recipient.SPONSOR,
}
"""Who is asked for a call where a notice that asked for it could not be delivered."""
REMEMBERED_IDS = 50
"""How many ids of concerns and failed notices are remembered against repeats."""


def ask_check_in(step: Step) -> None:
    step.set(checks=step.state.checks + 1)
    step.add_line("check_in_asked")
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
    step.add_line("checked_in", reason="well" if event.well else "not_well")
    if event.well:
        step.set(concern_open=False, strikes=0)
        step.drop_deadlines(Awaited.CONCERN_DUE)
        return searching.call_answered(step, event.check)
    step.set(concern_open=True)
    return step.notice(Template.PAIR_AT_RISK, Recipient.OPS)


def concern_raised(step: Step, event: ConcernRaised) -> None:
    state = step.state
    if event.concern in state.concerns:
        return step.ignore("already_known")
    step.set(concerns=(*state.concerns, event.concern)[-REMEMBERED_IDS:])
    step.add_line("concern_raised")
    if not state.awaits_help:
        checks = state.checks + 1
        step.set(concern_open=True, checks=checks, call_check=checks)
        step.notice(Template.CALL_MENTOR, Recipient.SUPERVISOR, check=checks)
        step.deadline(Awaited.CONCERN_DUE, step.in_open_days(CALL_WITHIN), person=True)
        if state.paused:
            notify_ops_of_call(step)
    return None


def notify_ops_of_call(step: Step) -> None:
    """Notify ops at once that somebody waits for a call, as a pause stops its deadline."""
    step.notice(Template.CONCERN_WAITING, Recipient.OPS, check=step.state.checks)


def pass_on_call(step: Step) -> None:
    """Notify ops of a call that is still awaited, since the pair waits for it no longer."""
    if step.state.awaits_help:
        step.set(call_check=0)
        step.add_line("concern_waits")
        notify_ops_of_call(step)


def concern_due(step: Step) -> None:
    """Notify ops, and the supervisor again, that somebody still waits for a call."""
    step.add_line("concern_waits")
    step.notice(
        Template.CONCERN_WAITING,
        Recipient.SUPERVISOR,
        Recipient.OPS,
        check=step.state.checks,
    )


def check_risk(step: Step) -> None:
    """Notify the supervisor once, when the strikes reach the policy's number."""
    if step.state.strikes == step.state.policy.supervision.risk_after:
        _at_risk(step)


def at_risk_unbooked(step: Step) -> None:
    """Put the pair at risk, since nothing was booked for too long; the supervisor is asked to call."""
    already = step.state.health is Health.AT_RISK
    step.set(idle=True)
    step.add_line("nothing_booked")
    if not already:
        _at_risk(step)


def _at_risk(step: Step) -> None:
    step.set(checks=step.state.checks + 1)
    step.add_line("at_risk")
    step.notice(Template.PAIR_AT_RISK, Recipient.SUPERVISOR, check=step.state.checks)


def notice_failed(step: Step, event: NoticeFailed) -> None:
    """Notify ops, who can correct an address that does not work; the pair goes on.

    Nothing is known against the address of a mail that may have arrived. A call that
    the notice asked for is asked of the next ones instead.
    """
    state = step.state
    if event.notice in state.failed_notices:
        return step.ignore("already_known")
    step.set(failed_notices=(*state.failed_notices, event.notice)[-REMEMBERED_IDS:])
    step.add_line("notice_failed", reason=event.reason)
    if event.reason is not DeliveryFailure.UNCONFIRMED:
        step.notice(Template.ADDRESS_FAILED, Recipient.OPS)
    failed = template_of(event.notice, state.pair.workflow_id)
    if state.awaits_help and failed in ASKED_NEXT:
        step.notice(
            Template.CONCERN_WAITING, ASKED_NEXT[failed], check=state.call_check
        )
    return None
