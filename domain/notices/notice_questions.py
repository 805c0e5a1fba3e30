"""Which question each notice asks of whom, and the links to the pages that ask it."""

from domain.pair.open_questions import ROLES_ASKED
from schemas.ids import parse_pair_id
from schemas.links import Link, Question
from schemas.notices import Notice, Recipient, Template
from schemas.records.outbox import OutboxRow

Questions = tuple[Question, ...]

MENTOR, MENTEE, DELEGATE = Recipient.MENTOR, Recipient.MENTEE, Recipient.DELEGATE
SUPERVISOR, MANAGER = Recipient.SUPERVISOR, Recipient.MANAGER
SPONSOR, OPS = Recipient.SPONSOR, Recipient.OPS


def _each(
    *questions: Question, of: tuple[Recipient, ...]
) -> dict[Recipient, Questions]:
    return dict.fromkeys(of, questions)


BOTH = (MENTOR, MENTEE)
AGENDAS = (MENTOR, MENTEE, DELEGATE)
EVERYONE = (*AGENDAS, SUPERVISOR)

QUESTIONS: dict[Template, dict[Recipient, Questions]] = {
    Template.MENTOR_INVITATION: _each(Question.VOLUNTEER, of=(MENTOR,)),
    Template.TRAINING_REMINDER: _each(
        Question.VOLUNTEER, Question.MODULES, of=(MENTOR,)
    ),
    Template.SIGN_OFF_REQUEST: _each(Question.SIGN_OFF, of=(SUPERVISOR,)),
    Template.TRAINING_LATE: {
        SUPERVISOR: (Question.SIGN_OFF,),
        MENTOR: (Question.MODULES,),
    },
    Template.DEFERRED: _each(of=(MENTOR, SUPERVISOR)),
    Template.READY: _each(of=(MENTOR, SUPERVISOR)),
    Template.MATCH_ANNOUNCED: _each(Question.AGREE, of=BOTH),
    Template.AGREEMENT_REMINDER: _each(Question.AGREE, of=BOTH),
    Template.MATCH_NOT_MADE: _each(of=BOTH),
    Template.UNMATCHED: _each(of=BOTH),
    Template.SESSION_PROPOSED: _each(Question.ANSWER, of=AGENDAS),
    Template.SESSION_MOVED: _each(Question.ANSWER, of=AGENDAS),
    Template.SESSION_AGREED: _each(Question.ANSWER, of=AGENDAS),
    Template.SESSION_CANCELLED: _each(of=AGENDAS),
    Template.ANSWER_REMINDER: _each(Question.ANSWER, of=AGENDAS),
    Template.MENTEE_SILENT: _each(Question.ANSWER, of=(MENTOR,)),
    Template.NO_COMMON_TIME: _each(Question.WINDOWS, of=AGENDAS),
    Template.CALL_ABOUT_TIMES: _each(Question.CHECK_IN, of=(SUPERVISOR,)),
    Template.SESSION_REMINDER: _each(Question.ANSWER, of=AGENDAS),
    Template.ASK_HELD: _each(Question.HELD, of=(MENTOR,)),
    Template.HELD_REMINDER: _each(Question.HELD, of=(MENTOR,)),
    Template.HELD_UNKNOWN: {SUPERVISOR: (), MENTOR: (Question.HELD,)},
    Template.PULSE_REQUEST: _each(Question.PULSE, of=BOTH),
    Template.FINAL_PULSE: _each(Question.PULSE, of=BOTH),
    Template.CHECK_IN: _each(Question.CHECK_IN, of=(SUPERVISOR,)),
    Template.CALL_MENTOR: _each(Question.CHECK_IN, of=(SUPERVISOR,)),
    Template.CONCERN_WAITING: {
        SUPERVISOR: (Question.CHECK_IN,),
        OPS: (),
        SPONSOR: (),
    },
    Template.PAIR_AT_RISK: {SUPERVISOR: (Question.CHECK_IN,), OPS: ()},
    Template.PLANNED_AGAIN: _each(of=BOTH),
    Template.KEEP_OR_PART: _each(Question.KEEP_OR_PART, of=(SUPERVISOR,)),
    Template.DECISION_REMINDER: _each(Question.KEEP_OR_PART, of=(SUPERVISOR,)),
    Template.PARTNER_CHANGED: _each(of=BOTH),
    Template.PAIR_PAUSED: _each(of=EVERYONE),
    Template.PAIR_RESUMED: _each(of=EVERYONE),
    Template.PAIR_ENDED: _each(of=EVERYONE),
    Template.CERTIFICATE: _each(Question.NEXT, of=(MENTOR,)),
    Template.THANKS: _each(of=(MENTEE, DELEGATE, SUPERVISOR)),
    Template.CURRENT_LINKS: {
        to: tuple(
            question
            for question, roles in ROLES_ASKED.items()
            if to in roles and question is not Question.HELP
        )
        for to in EVERYONE
    },
    Template.MY_DATA: _each(of=EVERYONE),
    Template.WORD_TO_MANAGER: _each(of=(MANAGER,)),
    Template.ADDRESS_FAILED: _each(of=(OPS,)),
    Template.ADDRESS_CHANGED: _each(of=(Recipient.FORMER_ADDRESS,)),
    Template.MATCHES_TO_REVIEW: _each(of=(OPS,)),
    Template.EXTENSION_PROPOSED: _each(of=(SPONSOR, OPS)),
    Template.GUARD_HELD: _each(of=(OPS,)),
}
"""A recipient who is in no row still gets the text, without a question.

A mail to a mentor ends with the link for help besides.
"""

CONSOLE_READERS = frozenset({OPS, SPONSOR})
"""Their mails end with the console's page instead of a signed link."""

CONSOLE_PAGES = {Template.MATCHES_TO_REVIEW: "/matches"}
"""Subpages, where it is not the first page of the pair, cohort or programme."""

MATCH_QUESTIONS = frozenset({Question.AGREE, Question.KEEP_OR_PART})
"""Their links name the mentee, and close when the two part."""

_LINK_ROLES = {
    MENTOR: "mentor",
    MENTEE: "mentee",
    DELEGATE: "delegate",
    SUPERVISOR: "supervisor",
}


def asked_questions(notice: Notice) -> Questions:
    """Returns the questions that this notice asks, most important first."""
    asked = QUESTIONS[notice.template].get(notice.to, ())
    return tuple(q for q in asked if _applies(q, notice))


def _applies(question: Question, notice: Notice) -> bool:
    if notice.template is Template.CURRENT_LINKS:
        return question in notice.questions
    if question is Question.VOLUNTEER and notice.template is Template.TRAINING_REMINDER:
        return "volunteer" in notice.items
    if question is Question.CHECK_IN:
        return notice.check > 0
    return True


def question_link(row: OutboxRow, question: Question) -> Link | None:
    """Returns None when the notice is about no pair, or its reader has no pages."""
    role = _LINK_ROLES.get(row.notice.to)
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
        generation=row.person.link_generation,
        mentee=row.mentee.person
        if row.mentee and question in MATCH_QUESTIONS
        else None,
    )
