"""The stages of a pair, the states of its sessions, and what they wait for."""

from enum import StrEnum


class Stage(StrEnum):
    """The life of a pair, in order."""

    TRAINING = "training"
    MATCHING = "matching"
    SESSIONS = "sessions"
    FEEDBACK = "feedback"
    CLOSED = "closed"


class Outcome(StrEnum):
    """The ways in which a pair closes."""

    COMPLETED = "completed"
    DEFERRED = "deferred"
    """Not ready for this wave; first in line for the next."""
    UNMATCHED = "unmatched"
    ENDED_EARLY = "ended_early"
    LEFT = "left"


class Health(StrEnum):
    """Whether a pair needs the supervisor's attention."""

    ON_COURSE = "on_course"
    AT_RISK = "at_risk"


class SessionStatus(StrEnum):
    """The state of a session.

    After `over` nobody has reported yet whether it was held; the later ones are final.
    """

    FINDING = "finding"
    PROPOSED = "proposed"
    AGREED = "agreed"
    OVER = "over"
    HELD = "held"
    MISSED = "missed"
    UNKNOWN = "unknown"
    """Nobody reported whether it was held; a make-up replaces it."""
    WITHDRAWN = "withdrawn"

    @property
    def live(self) -> bool:
        return self in (
            SessionStatus.FINDING,
            SessionStatus.PROPOSED,
            SessionStatus.AGREED,
            SessionStatus.OVER,
        )


class Awaited(StrEnum):
    """Deadlines of a pair: what comes next, and what is awaited until then."""

    TRAINING_REMINDER = "training_reminder"
    TRAINING_DUE = "training_due"
    TRAINING_GRACE = "training_grace"
    SEARCH_DUE = "search_due"
    AGREE_REMINDER = "agree_reminder"
    AGREE_DUE = "agree_due"
    FIND_AGAIN = "find_again"
    CALL_ABOUT_TIMES = "call_about_times"
    ANSWER_DUE = "answer_due"
    ASK_MENTOR = "ask_mentor"
    PROPOSAL_LAPSES = "proposal_lapses"
    HELD_REMINDER = "held_reminder"
    HELD_ESCALATES = "held_escalates"
    HELD_LAPSES = "held_lapses"
    IDLE = "idle"
    CONCERN_DUE = "concern_due"
    DECISION_REMINDER = "decision_reminder"
    DECISION_DUE = "decision_due"
    WAVE_ENDS = "wave_ends"
    FEEDBACK_DUE = "feedback_due"
