"""Which question each notice asks, of whom: one table, and how its links are made."""

from schemas.ids import parse_pair_id
from schemas.links import Link, Question
from schemas.notices import Notice, Recipient, Template
from schemas.outbox import OutboxRow

Questions = tuple[Question, ...]

MENTOR, MENTEE, DELEGATE = Recipient.MENTOR, Recipient.MENTEE, Recipient.DELEGATE
SUPERVISOR, MANAGER = Recipient.SUPERVISOR, Recipient.MANAGER
SPONSOR, OPS = Recipient.SPONSOR, Recipient.OPS


def _all(*questions: Question, of: tuple[Recipient, ...]) -> dict[Recipient, Questions]:
    return dict.fromkeys(of, questions)


BOTH = (MENTOR, MENTEE)
AGENDAS = (MENTOR, MENTEE, DELEGATE)
EVERYONE = (*AGENDAS, SUPERVISOR)

ASKS: dict[Template, dict[Recipient, Questions]] = {
    Template.MENTOR_INVITATION: _all(Question.VOLUNTEER, of=(MENTOR,)),
    Template.TRAINING_REMINDER: _all(
        Question.VOLUNTEER, Question.MODULES, of=(MENTOR,)
    ),
    Template.SIGN_OFF_REQUEST: _all(Question.SIGN_OFF, of=(SUPERVISOR,)),
    Template.TRAINING_LATE: {
        SUPERVISOR: (Question.SIGN_OFF,),
        MENTOR: (Question.MODULES,),
    },
    Template.DEFERRED: _all(of=(MENTOR, SUPERVISOR)),
    Template.READY: _all(of=(MENTOR, SUPERVISOR)),
    Template.MATCH_ANNOUNCED: _all(Question.AGREE, of=BOTH),
    Template.AGREEMENT_REMINDER: _all(Question.AGREE, of=BOTH),
    Template.MATCH_NOT_MADE: _all(of=BOTH),
    Template.UNMATCHED: _all(of=BOTH),
    Template.SESSION_PROPOSED: _all(Question.ANSWER, of=AGENDAS),
    Template.SESSION_MOVED: _all(Question.ANSWER, of=AGENDAS),
    Template.SESSION_AGREED: _all(Question.ANSWER, of=AGENDAS),
    Template.SESSION_CANCELLED: _all(of=AGENDAS),
    Template.ANSWER_REMINDER: _all(Question.ANSWER, of=AGENDAS),
    Template.MENTEE_SILENT: _all(Question.ANSWER, of=(MENTOR,)),
    Template.NO_COMMON_TIME: _all(Question.WINDOWS, of=AGENDAS),
    Template.SESSION_REMINDER: _all(Question.ANSWER, of=AGENDAS),
    Template.ASK_HELD: _all(Question.HELD, of=(MENTOR,)),
    Template.HELD_REMINDER: _all(Question.HELD, of=(MENTOR,)),
    Template.HELD_UNKNOWN: {SUPERVISOR: (), MENTOR: (Question.HELD,)},
    Template.PULSE_REQUEST: _all(Question.PULSE, of=BOTH),
    Template.FINAL_PULSE: _all(Question.PULSE, of=BOTH),
    Template.CHECK_IN: _all(Question.CHECK_IN, of=(SUPERVISOR,)),
    Template.CALL_MENTOR: _all(Question.CHECK_IN, of=(SUPERVISOR,)),
    Template.CONCERN_WAITING: {SUPERVISOR: (Question.CHECK_IN,), OPS: ()},
    Template.PAIR_AT_RISK: {SUPERVISOR: (Question.CHECK_IN,), OPS: ()},
    Template.PLANNED_ANEW: _all(of=BOTH),
    Template.KEEP_OR_PART: _all(Question.KEEP_OR_PART, of=(SUPERVISOR,)),
    Template.DECISION_REMINDER: _all(Question.KEEP_OR_PART, of=(SUPERVISOR,)),
    Template.PARTNER_CHANGED: _all(of=BOTH),
    Template.PAIR_PAUSED: _all(of=EVERYONE),
    Template.PAIR_RESUMED: _all(of=EVERYONE),
    Template.PAIR_ENDED: _all(of=EVERYONE),
    Template.CERTIFICATE: _all(Question.NEXT, of=(MENTOR,)),
    Template.THANKS: _all(of=(MENTEE, DELEGATE, SUPERVISOR)),
    Template.WORD_TO_MANAGER: _all(of=(MANAGER,)),
    Template.ADDRESS_FAILED: _all(of=(OPS,)),
    Template.MATCHES_TO_REVIEW: _all(of=(OPS,)),
    Template.EXTENSION_PROPOSED: _all(of=(SPONSOR, OPS)),
    Template.GUARD_HELD: _all(of=(OPS,)),
}
"""A recipient who stands in no row still gets the text, without a question."""

READS_CONSOLE = frozenset({OPS, SPONSOR})
"""Their mails end with the console's page instead of a signed link."""

CONSOLE_PAGES = {Template.MATCHES_TO_REVIEW: "/matches"}
"""Where it is not the first page about the pair, cohort or programme."""

OF_A_MATCH = frozenset({Question.AGREE, Question.KEEP_OR_PART})
"""Their links name the mentee, and close when the two part."""

_ROLES = {
    MENTOR: "mentor",
    MENTEE: "mentee",
    DELEGATE: "delegate",
    SUPERVISOR: "supervisor",
}


def questions(notice: Notice) -> Questions:
    """The questions that this notice asks, most important first."""
    asked = ASKS[notice.template].get(notice.to, ())
    return tuple(q for q in asked if _applies(q, notice))


def _applies(question: Question, notice: Notice) -> bool:
    if question is Question.VOLUNTEER and notice.template is Template.TRAINING_REMINDER:
        return "volunteer" in notice.items
    if question is Question.CHECK_IN:
        return notice.check > 0
    return True


def link(row: OutboxRow, question: Question) -> Link | None:
    """The link for one question; None when the notice is about no pair, or its reader has no pages."""
    role = _ROLES.get(row.notice.to)
    if role is None or not row.scope.startswith("pair:"):
        return None
    notice = row.notice
    return Link(
        question=question,
        pair=parse_pair_id(row.scope).workflow_id,
        person=row.person.person,
        role=role,
        session=notice.session,
        attempt=notice.attempt,
        sequence=max(notice.invite.sequence, 0) if notice.invite else 0,
        check=notice.check,
        mentee=row.mentee.person if row.mentee and question in OF_A_MATCH else None,
    )
