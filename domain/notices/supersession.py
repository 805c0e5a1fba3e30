"""Which notices are of no more use, since what they say has changed or is known."""

from collections.abc import Collection

from schemas.notices import Template
from schemas.records.outbox import NoticeState, OtherNotice, OutboxRow
from schemas.stages import SessionStatus, Stage

PAUSE_TEMPLATES = frozenset({Template.PAIR_PAUSED, Template.PAIR_RESUMED})
RELATED_TEMPLATES = PAUSE_TEMPLATES | {
    Template.MATCHES_TO_REVIEW,
    Template.MENTOR_INVITATION,
}
"""Notices of these depend on others of these, of the same scope to the same person."""


def is_superseded(row: OutboxRow) -> bool:
    """Whether its session has changed, or another notice makes it needless."""
    if row.notice.not_before is not None:
        return not _session_is_as_planned(row)
    match row.notice.template:
        case Template.PAIR_PAUSED | Template.PAIR_RESUMED:
            return _pause_is_superseded(row)
        case Template.MATCHES_TO_REVIEW:
            return row.message_id is None and bool(
                _newer(row, {Template.MATCHES_TO_REVIEW})
            )
        case Template.MENTOR_INVITATION:
            return row.message_id is None and row.facts.pair_stage is Stage.CLOSED
        case Template.PULSE_REQUEST | Template.FINAL_PULSE:
            return row.message_id is None and row.facts.pulse_given
        case _:
            return False


def _session_is_as_planned(row: OutboxRow) -> bool:
    session, invite = row.facts.session, row.notice.invite
    return (
        session is not None
        and session.status in (SessionStatus.AGREED, SessionStatus.OVER)
        and invite is not None
        and session.sequence == invite.sequence
    )


def _pause_is_superseded(row: OutboxRow) -> bool:
    """Whether a later pause or resumption, or an earlier one, makes it needless."""
    newer = _newer(row, PAUSE_TEMPLATES)
    if row.message_id is not None:
        # What was put into a mail stays in it; but a server may take it so late that
        # its reader would believe it more than the newer notice, sent before.
        return any(other.state is NoticeState.SENT for other in newer)
    return (
        bool(newer)
        or _believed_before(row) is row.notice.template
        or _invitation_is_queued(row)
    )


def _believed_before(row: OutboxRow) -> Template | None:
    """Returns the newest pause notice that the reader believes; None: there was none.

    They know only of what was put into a mail. If they were to be notified of a pause
    and were not, they believe that all goes on.
    """
    older = [
        other
        for other in row.facts.others
        if other.template in PAUSE_TEMPLATES and other.revision < row.facts.revision
    ]
    known = [other for other in older if other.in_mail]
    if known:
        return max(known, key=lambda other: other.revision).template
    pauses = any(other.template is Template.PAIR_PAUSED for other in older)
    return Template.PAIR_RESUMED if pauses else None


def _invitation_is_queued(row: OutboxRow) -> bool:
    """Whether the reader does not know of the pair at all yet."""
    return any(
        other.template is Template.MENTOR_INVITATION
        and other.state is NoticeState.QUEUED
        and not other.in_mail
        for other in row.facts.others
    )


def _newer(row: OutboxRow, templates: Collection[Template]) -> list[OtherNotice]:
    return [
        other
        for other in row.facts.others
        if other.template in templates and other.revision > row.facts.revision
    ]
