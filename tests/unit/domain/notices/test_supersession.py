"""Which notices are of no more use."""

from collections.abc import Sequence

import pytest

from domain.notices.supersession import is_superseded
from schemas.notices import Notice, Template
from schemas.records.outbox import NoticeFacts, NoticeState, OtherNotice, SessionFacts
from schemas.stages import SessionStatus, Stage
from tests.support.notices import INVITE, NOW, notice, row

PAUSED, RESUMED = Template.PAIR_PAUSED, Template.PAIR_RESUMED
INVITED, REVIEW = Template.MENTOR_INVITATION, Template.MATCHES_TO_REVIEW
SENT, QUEUED, DROPPED = NoticeState.SENT, NoticeState.QUEUED, NoticeState.DROPPED
REVISION = 5
REMINDER = notice(Template.SESSION_REMINDER, not_before=NOW)
KEPT = "<1@firm.example>"

Other = tuple[int, Template, NoticeState, bool]


def superseded(
    about: Notice,
    *others: Other,
    message_id: str | None = None,
    stage: Stage | None = None,
    session: SessionFacts | None = None,
) -> bool:
    facts = NoticeFacts(
        revision=REVISION,
        pair_stage=stage,
        session=session,
        others=tuple(
            OtherNotice(revision=revision, template=template, state=state, in_mail=mail)
            for revision, template, state, mail in others
        ),
    )
    return is_superseded(row(notice=about, message_id=message_id, facts=facts))


@pytest.mark.parametrize("template", [Template.PULSE_REQUEST, Template.FINAL_PULSE])
@pytest.mark.parametrize("given", [False, True])
def test_a_pulse_is_asked_of_whoever_has_not_given_it(
    template: Template, given: bool
) -> None:
    facts = NoticeFacts(revision=REVISION, pulse_given=given)
    asked = row(notice=notice(template, session=1), facts=facts)
    assert is_superseded(asked) is given


@pytest.mark.parametrize(
    ("status", "sequence", "dropped"),
    [
        (SessionStatus.AGREED, INVITE.sequence, False),
        (SessionStatus.OVER, INVITE.sequence, False),
        (SessionStatus.AGREED, INVITE.sequence + 1, True),
        *(
            (status, INVITE.sequence, True)
            for status in sorted(
                set(SessionStatus) - {SessionStatus.AGREED, SessionStatus.OVER}
            )
        ),
    ],
)
def test_a_reminder_is_of_use_while_its_session_is_as_it_was(
    status: SessionStatus, sequence: int, dropped: bool
) -> None:
    session = SessionFacts(status=status, sequence=sequence)
    assert superseded(REMINDER, session=session) is dropped


def test_a_reminder_of_a_session_that_is_gone_is_of_no_use() -> None:
    assert superseded(REMINDER)


@pytest.mark.parametrize(
    ("about", "others", "dropped"),
    [
        # the first notice of either
        (PAUSED, [], False),
        (RESUMED, [], False),
        # a newer one says what is so now
        (PAUSED, [(6, RESUMED, QUEUED, False)], True),
        (RESUMED, [(6, PAUSED, QUEUED, False)], True),
        # they know of what was put into a mail
        (PAUSED, [(4, PAUSED, SENT, True)], True),
        (PAUSED, [(4, RESUMED, SENT, True)], False),
        (PAUSED, [(3, PAUSED, SENT, True), (4, RESUMED, SENT, True)], False),
        (RESUMED, [(3, PAUSED, SENT, True), (4, RESUMED, SENT, True)], True),
        # a mail on its way counts, a notice that was dropped does not
        (PAUSED, [(4, PAUSED, QUEUED, True)], True),
        (PAUSED, [(4, PAUSED, DROPPED, False)], False),
        (RESUMED, [(3, RESUMED, SENT, True), (4, PAUSED, DROPPED, False)], True),
        # never notified of the pause, they need not know of its end
        (RESUMED, [(4, PAUSED, QUEUED, False)], True),
        # who came in the middle of a pause
        (RESUMED, [(4, RESUMED, DROPPED, False)], False),
        # who was not invited yet does not know of the pair
        (PAUSED, [(1, INVITED, QUEUED, False)], True),
        (PAUSED, [(1, INVITED, QUEUED, True)], False),
        (PAUSED, [(1, INVITED, SENT, True)], False),
        (PAUSED, [(1, INVITED, DROPPED, False)], False),
    ],
)
def test_of_pauses_somebody_reads_only_what_they_do_not_know(
    about: Template, others: Sequence[Other], dropped: bool
) -> None:
    assert superseded(notice(about), *others) is dropped


@pytest.mark.parametrize(
    ("others", "dropped"),
    [
        ([], False),
        ([(6, RESUMED, QUEUED, False)], False),
        ([(6, RESUMED, QUEUED, True)], False),
        ([(6, RESUMED, SENT, True)], True),
        ([(4, PAUSED, SENT, True)], False),
        ([(1, INVITED, QUEUED, False)], False),
    ],
)
def test_a_pause_in_a_mail_is_repeated_unless_a_newer_notice_was_sent(
    others: Sequence[Other], dropped: bool
) -> None:
    assert superseded(notice(PAUSED), *others, message_id=KEPT) is dropped


@pytest.mark.parametrize(
    ("others", "message_id", "dropped"),
    [
        ([], None, False),
        ([(4, REVIEW, QUEUED, False)], None, False),
        ([(6, REVIEW, QUEUED, False)], None, True),
        ([(6, REVIEW, SENT, True)], None, True),
        ([(6, REVIEW, SENT, True)], KEPT, False),
        ([(6, PAUSED, QUEUED, False)], None, False),
    ],
)
def test_only_the_newest_matches_are_to_be_reviewed(
    others: Sequence[Other], message_id: str | None, dropped: bool
) -> None:
    assert superseded(notice(REVIEW), *others, message_id=message_id) is dropped


@pytest.mark.parametrize(
    ("stage", "message_id", "dropped"),
    [
        (Stage.TRAINING, None, False),
        (Stage.CLOSED, None, True),
        (Stage.CLOSED, KEPT, False),
        (None, None, False),
    ],
)
def test_nobody_is_invited_to_a_pair_that_has_closed(
    stage: Stage | None, message_id: str | None, dropped: bool
) -> None:
    assert superseded(notice(INVITED), stage=stage, message_id=message_id) is dropped


@pytest.mark.parametrize(
    "template", sorted(set(Template) - {PAUSED, RESUMED, INVITED, REVIEW})
)
def test_any_other_notice_is_of_use_whatever_else_is_queued(template: Template) -> None:
    assert not superseded(
        notice(template), (6, template, SENT, True), stage=Stage.CLOSED
    )
