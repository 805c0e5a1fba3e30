"""Which notices wait out a pause of their pair."""

from typing import Any

import pytest

from domain.notices.awaiting_resume import awaits_resume
from domain.notices.delivery_decision import AwaitResume, delivery_decision
from schemas.notices import Template
from schemas.records.outbox import NoticeFacts, SessionFacts
from schemas.stages import SessionStatus, Stage
from tests.support.notices import INVITE, NOW, notice, row

INVITATION = notice(Template.MENTOR_INVITATION, invite=None)
REMINDER = notice(Template.SESSION_REMINDER, not_before=NOW)
PROPOSAL = notice(Template.SESSION_PROPOSED)
PAUSED = {"pair_paused": True}
DIRECTIVE = {"directive_paused": True}


@pytest.mark.parametrize(
    ("about", "stage", "facts", "waits"),
    [
        # queued ahead: while the pair itself is paused
        (REMINDER, Stage.SESSIONS, PAUSED, True),
        (REMINDER, Stage.SESSIONS, {}, False),
        # a pause that the pair has not recorded yet reaches it before its reminder is due
        (REMINDER, Stage.SESSIONS, DIRECTIVE, False),
        # the invitation of a pair that starts in a pause, which it does not know of yet
        (INVITATION, Stage.TRAINING, DIRECTIVE, True),
        (INVITATION, Stage.TRAINING, PAUSED, True),
        (INVITATION, Stage.TRAINING, {}, False),
        # a pair that ended in the pause invites nobody, but waits for nothing either
        (INVITATION, Stage.CLOSED, PAUSED | DIRECTIVE, False),
        (INVITATION, None, PAUSED | DIRECTIVE, False),
        # what is asked for now has a reason to go
        (PROPOSAL, Stage.SESSIONS, PAUSED | DIRECTIVE, False),
    ],
)
def test_a_notice_waits_out_a_pause_only_when_it_can(
    about: Any, stage: Stage | None, facts: dict[str, bool], waits: bool
) -> None:
    known = NoticeFacts(pair_stage=stage, **facts)
    assert awaits_resume(row(notice=about, facts=known)) is waits


def test_what_a_pause_holds_is_not_dropped_whatever_became_of_its_session() -> None:
    changed = SessionFacts(status=SessionStatus.WITHDRAWN, sequence=INVITE.sequence)
    facts = NoticeFacts(pair_stage=Stage.SESSIONS, pair_paused=True, session=changed)
    assert delivery_decision(row(notice=REMINDER, facts=facts), NOW) == AwaitResume()
