"""What becomes of a row that is due: sent, postponed to the recipient's working hours, or dropped. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.notices import Notice, Template
from schemas.outbox import OutboxRow

PATIENCE = timedelta(seconds=30)
"""Wall time by which a row may be picked up late and still counts as picked up when it was due. Without it a
rehearsal, whose working day lasts less than a second, would find every door closed."""
_APPOINTMENTS = frozenset(
    {
        Template.SESSION_AGREED,
        Template.SESSION_MOVED,
        Template.SESSION_REMINDER,
        Template.SESSION_CANCELLED,
    }
)
_TOLD_ONCE = frozenset({Template.PAIR_PAUSED, Template.PAIR_RESUMED})
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class SendNow:
    """It may be sent now."""


@dataclass(frozen=True)
class SendLater:
    """It was queued ahead, or it is outside the recipient's working hours: wall time until when."""

    until: datetime


@dataclass(frozen=True)
class DropNotice:
    """It is of no more use; `reason` is a code."""

    reason: str


DeliveryDecision = SendNow | SendLater | DropNotice


def delivery_decision(row: OutboxRow, wall: datetime) -> DeliveryDecision:
    """Decide at wall time `wall`; hours are the region's, read in the recipient's own zone, programme time."""
    moment = row.due if timedelta(0) <= wall - row.due < PATIENCE else wall
    at = row.clock.programme(moment)
    if row.superseded:
        return DropNotice("superseded")
    until = row.notice.useful_until
    if until is not None and at > until:
        return DropNotice("too_late")
    calendar = row.calendar.model_copy(update={"zone": row.person.zone})
    opens = calendar.next_open(max(at, row.notice.not_before or at))
    if opens <= at:
        return SendNow()
    if _cannot_wait(row.notice, at, opens):
        ahead = row.notice.not_before
        return (
            SendLater(_rounded_up(row.clock.wall(ahead)))
            if ahead and ahead > at
            else SendNow()
        )
    if until is not None and opens > until:
        return DropNotice("too_late")
    return SendLater(_rounded_up(row.clock.wall(opens)))


def _cannot_wait(notice: Notice, at: datetime, opens: datetime) -> bool:
    """An appointment that was made, moved or called off, and begins before mails may go out again.

    A mail at an odd hour is read later at worst; somebody who does not come, or comes for nothing, cannot be helped
    afterwards. A question is another matter: nobody could answer it in time, and its silence is held against nobody.
    """
    return (
        notice.template in _APPOINTMENTS
        and notice.invite is not None
        and at < notice.invite.start <= opens
    )


def _rounded_up(at: datetime) -> datetime:
    """To the next whole millisecond, or rounding would find the door closed for ever."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000) + MILLISECOND


def letters(
    rows: Iterable[OutboxRow], carries_calendar: frozenset[str]
) -> list[list[OutboxRow]]:
    """Rows that go out as one mail each: several notices to one person together, one invite a mail at most.

    Rows that were put into a mail before stay together, and nothing joins them: a repeat is the same mail.
    `carries_calendar` holds the ids of rows with an invite.
    """
    found: dict[tuple[object, ...], list[OutboxRow]] = {}
    for row in rows:
        found.setdefault(_key(row, row.id in carries_calendar), []).append(row)
    return list(found.values())


def _key(row: OutboxRow, alone: bool) -> tuple[object, ...]:
    if row.message_id is not None:
        return ("again", row.message_id, row.person.person)
    if alone:
        return ("alone", row.id)
    return ("together", row.person.person, row.programme, row.sender)


def sections(rows: Iterable[OutboxRow]) -> list[list[OutboxRow]]:
    """Rows of one mail, section by section: a pause of several pairs of one person is told once, and so is its end."""
    found: dict[tuple[str, ...], list[OutboxRow]] = {}
    for row in rows:
        notice = row.notice
        key = (
            (notice.template, notice.to) if notice.template in _TOLD_ONCE else (row.id,)
        )
        found.setdefault(key, []).append(row)
    return list(found.values())
