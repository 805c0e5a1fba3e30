"""Whether a notice that is due is sent now or later, set aside, or dropped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.notices.awaiting_resume import awaits_resume
from domain.notices.recipients import RecipientSource, recipient_sources
from domain.notices.retrying import may_be_sent
from domain.notices.supersession import is_superseded
from domain.spreading import place_in
from schemas.notices import Notice, Recipient, Template
from schemas.records.outbox import OutboxRow
from schemas.stages import Stage
from schemas.time.calendar import WorkCalendar

LATE_PICKUP = timedelta(seconds=30)
"""Wall time by which a row may be leased late and still counts as leased when it was
due. Without it a rehearsal, whose working day lasts less than a second, would never
find anybody at work."""
APPOINTMENT_TEMPLATES = frozenset(
    {
        Template.SESSION_AGREED,
        Template.SESSION_MOVED,
        Template.SESSION_REMINDER,
        Template.SESSION_CANCELLED,
    }
)
STOOD_IN_FOR = frozenset({Recipient.SUPERVISOR, Recipient.OPS, Recipient.SPONSOR})
WAITED_FOR_TEMPLATES = frozenset({Template.CURRENT_LINKS, Template.MY_DATA})
"""Somebody waits for them at a page, whatever the hour."""
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class SendNow:
    """Decision that a notice is sent now."""


@dataclass(frozen=True)
class SendLater:
    """Decision to postpone a notice that was queued ahead, or until working hours."""

    until: datetime
    """When it may be sent, wall time."""


@dataclass(frozen=True)
class AwaitResume:
    """Decision that a notice waits until the pause of its pair ends."""


@dataclass(frozen=True)
class DropNotice:
    """Decision never to send a notice, as it is of no more use; `reason` is a code."""

    reason: str


@dataclass(frozen=True)
class PassOn:
    """Its reader left; whoever stands in for them receives it instead."""

    sources: tuple[RecipientSource, ...]
    """Where to look for them, in order."""


@dataclass(frozen=True)
class LeaveUnconfirmed:
    """Decision not to send it again: it may have arrived, though no server said so."""


DeliveryDecision = (
    SendNow | SendLater | AwaitResume | DropNotice | PassOn | LeaveUnconfirmed
)


def delivery_decision(row: OutboxRow, now: datetime) -> DeliveryDecision:
    """Decide whether a notice is sent, postponed or dropped at `now`, wall time.

    Working hours are the region's, in the recipient's own zone and in programme time.
    What may have gone out is never dropped.
    """
    if not may_be_sent(row.sends_in_doubt):
        return LeaveUnconfirmed()
    decision = _decision_of_unsent(row, now)
    if row.sends_in_doubt and isinstance(decision, DropNotice):
        return LeaveUnconfirmed()
    return decision


def _decision_of_unsent(row: OutboxRow, now: datetime) -> DeliveryDecision:
    if row.notice.template is Template.ADDRESS_CHANGED:
        # Until it is read all mails may go to the wrong person; who left may come back.
        return SendNow()
    if row.person.left:
        return _without_reader(row.notice)
    leased = row.due if timedelta(0) <= now - row.due < LATE_PICKUP else now
    at = row.clock.programme(leased)
    if awaits_resume(row):
        return AwaitResume()
    if is_superseded(row):
        return DropNotice("superseded")
    useful_until = useful_until_of(row)
    if useful_until is not None and at > useful_until:
        return DropNotice("too_late")
    if row.notice.template in WAITED_FOR_TEMPLATES:
        return SendNow()
    not_before = max(at, row.notice.not_before or at)
    calendar = row.calendar.model_copy(update={"zone": row.person.zone})
    opens = _opens_for(row, calendar, not_before, useful_until)
    if opens > at and _cannot_wait(row.notice, at, opens):
        opens = not_before
    elif useful_until is not None and opens > useful_until:
        return DropNotice("too_late")
    return SendLater(_rounded_up(row.clock.wall(opens))) if opens > at else SendNow()


def _without_reader(notice: Notice) -> PassOn | DropNotice:
    """Somebody else has to act on what a supervisor, ops or a sponsor was asked.

    What was for a mentor or mentee is of no use to anybody else. A mentee has a notice
    of their own of everything that a delegate gets. What is held about somebody is for
    nobody else.
    """
    if notice.to in STOOD_IN_FOR and notice.template is not Template.MY_DATA:
        return PassOn(recipient_sources(notice.to))
    return DropNotice("left")


def useful_until_of(row: OutboxRow) -> datetime | None:
    """Programme time after which a notice is of no more use.

    An invitation is of use as long as its pair trains, whose end a pause moves.
    """
    invitation = row.notice.template is Template.MENTOR_INVITATION
    if invitation and row.facts.pair_stage is Stage.TRAINING:
        return None
    return row.notice.useful_until


def _opens_for(
    row: OutboxRow,
    calendar: WorkCalendar,
    not_before: datetime,
    useful_until: datetime | None,
) -> datetime:
    """When working hours allow it, and where it waits for them, its reader's place after they begin.

    All notices of one person go then, in one mail. Appointments are not spread, nor what
    would be of no more use by then.
    """
    opens = calendar.next_open(not_before)
    if opens == not_before or row.notice.template in APPOINTMENT_TEMPLATES:
        return opens
    spread = opens + place_in(calendar.spread, row.person.person)
    return opens if useful_until is not None and spread > useful_until else spread


def _cannot_wait(notice: Notice, at: datetime, opens: datetime) -> bool:
    """Whether it is about an appointment that begins before mails may go out again.

    A mail at an odd hour is read later at worst; somebody who does not come, or comes
    for nothing, cannot be helped afterwards. A question is another matter: nobody could
    answer it in time, and silence is held against nobody.
    """
    return (
        notice.template in APPOINTMENT_TEMPLATES
        and notice.invite is not None
        and at < notice.invite.start <= opens
    )


def _rounded_up(at: datetime) -> datetime:
    """Round up to a whole millisecond: rounded down, it would be too early for ever."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000) + MILLISECOND
