"""The words for where a pair and its sessions stand."""

from enum import StrEnum


class Stage(StrEnum):
    """The life of a pair, in order."""

    TRAINING = "training"
    MATCHING = "matching"
    SESSIONS = "sessions"
    FEEDBACK = "feedback"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a pair closed."""

    COMPLETED = "completed"
    DEFERRED = "deferred"
    """Not ready for this wave; first in line for the next."""
    UNMATCHED = "unmatched"
    ENDED_EARLY = "ended_early"
    LEFT = "left"


class Health(StrEnum):
    """Whether somebody should look."""

    ON_COURSE = "on_course"
    AT_RISK = "at_risk"


class SessionStatus(StrEnum):
    """A session: finding, proposed, agreed, over (asked whether held); then one of the ends."""

    FINDING = "finding"
    PROPOSED = "proposed"
    AGREED = "agreed"
    OVER = "over"
    HELD = "held"
    MISSED = "missed"
    UNKNOWN = "unknown"
    """Nobody said whether it was held; a make-up replaces it and nobody is blamed."""
    WITHDRAWN = "withdrawn"

    @property
    def live(self) -> bool:
        return self in (
            SessionStatus.FINDING,
            SessionStatus.PROPOSED,
            SessionStatus.AGREED,
            SessionStatus.OVER,
        )
