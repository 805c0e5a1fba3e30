"""Which notices wait out a pause of their pair."""

from schemas.notices import Template
from schemas.records.outbox import OutboxRow
from schemas.stages import Stage


def awaits_resume(row: OutboxRow) -> bool:
    """Whether a notice waits until the pause of its pair is over.

    Reminders queued ahead wait, and so does the invitation of a pair that starts in a
    pause: the pair learns of the pause only a moment after its start.
    """
    facts = row.facts
    if row.notice.not_before is not None:
        return facts.pair_paused
    if row.notice.template is Template.MENTOR_INVITATION:
        lives = facts.pair_stage not in (None, Stage.CLOSED)
        return lives and (facts.pair_paused or facts.directive_paused)
    return False
