"""Notices: messages to one person.

They enter Temporal, so they hold codes, numbers and times only.
"""

from enum import StrEnum

from schemas.base import LenientModel
from schemas.links import Question
from schemas.time.calendar import Instant


class Recipient(StrEnum):
    """A role of the pair or cohort; PostgreSQL knows who has it."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    DELEGATE = "delegate"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    """The mentor's manager; sent only with the mentor's agreement, which PostgreSQL holds."""
    SPONSOR = "sponsor"
    OPS = "ops"
    FORMER_ADDRESS = "former_address"
    """Somebody at the address that was theirs; queued with the change of it."""


class Template(StrEnum):
    """The kinds of notices. Each has a text in every locale; a test renders them all."""

    MENTOR_INVITATION = "mentor_invitation"
    TRAINING_REMINDER = "training_reminder"
    SIGN_OFF_REQUEST = "sign_off_request"
    TRAINING_LATE = "training_late"
    DEFERRED = "deferred"
    READY = "ready"
    MATCH_ANNOUNCED = "match_announced"
    AGREEMENT_REMINDER = "agreement_reminder"
    MATCH_NOT_MADE = "match_not_made"
    UNMATCHED = "unmatched"
    SESSION_PROPOSED = "session_proposed"
    SESSION_MOVED = "session_moved"
    SESSION_AGREED = "session_agreed"
    SESSION_CANCELLED = "session_cancelled"
    ANSWER_REMINDER = "answer_reminder"
    MENTEE_SILENT = "mentee_silent"
    NO_COMMON_TIME = "no_common_time"
    CALL_ABOUT_TIMES = "call_about_times"
    SESSION_REMINDER = "session_reminder"
    ASK_HELD = "ask_held"
    HELD_REMINDER = "held_reminder"
    HELD_UNKNOWN = "held_unknown"
    PULSE_REQUEST = "pulse_request"
    FINAL_PULSE = "final_pulse"
    CHECK_IN = "check_in"
    CALL_MENTOR = "call_mentor"
    CONCERN_WAITING = "concern_waiting"
    PAIR_AT_RISK = "pair_at_risk"
    PLANNED_AGAIN = "planned_again"
    KEEP_OR_PART = "keep_or_part"
    DECISION_REMINDER = "decision_reminder"
    PARTNER_CHANGED = "partner_changed"
    PAIR_PAUSED = "pair_paused"
    PAIR_RESUMED = "pair_resumed"
    PAIR_ENDED = "pair_ended"
    CERTIFICATE = "certificate"
    THANKS = "thanks"
    CURRENT_LINKS = "current_links"
    """Asked for by its reader on a page that is closed, or by ops after they closed all links of a person."""
    MY_DATA = "my_data"
    """Asked for by its reader on a page: the link to all that is held about them."""
    WORD_TO_MANAGER = "word_to_manager"
    ADDRESS_FAILED = "address_failed"
    ADDRESS_CHANGED = "address_changed"
    MATCHES_TO_REVIEW = "matches_to_review"
    EXTENSION_PROPOSED = "extension_proposed"
    GUARD_HELD = "guard_held"


class Invite(LenientModel):
    """A meeting as calendars know it: its UID stays, SEQUENCE grows with each change."""

    uid: str
    sequence: int
    start: Instant
    minutes: int
    alternatives: tuple[Instant, ...] = ()
    """Other times that suit both, offered on the answer page."""
    confirmed: bool = False


class Notice(LenientModel):
    """One message. Its lasting key is (scope, revision, template, recipient)."""

    template: Template
    to: Recipient
    session: int | None = None
    attempt: int = 1
    invite: Invite | None = None
    """The mail then names the time, and its link the invite. Mails that change a calendar
    have a calendar part: CANCEL with session_cancelled, REQUEST with session_proposed,
    session_moved and session_agreed."""
    not_before: Instant | None = None
    """Programme time from which it may be sent. It is dropped if its session was moved,
    cancelled or held by then: a reminder is queued with the agreement, and costs the pair
    neither a timer nor a transition."""
    useful_until: Instant | None = None
    """Programme time after which it is dropped instead of sent."""
    check: int = 0
    """Number of a request to the supervisor to talk with the mentor, or to decide about a
    frozen pair."""
    questions: tuple[Question, ...] = ()
    """With current_links: whose links the mail holds."""
    items: tuple[str, ...] = ()
    """Codes that the text lists, such as what is still missing from the readiness gate."""
