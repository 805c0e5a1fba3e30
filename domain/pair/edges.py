"""The transitions that a pair and a session may make.

Every step is checked against these tables, and the documents draw their diagrams from
them.
"""

from schemas.stages import SessionStatus, Stage

S, T = SessionStatus, Stage

STAGE_EDGES: dict[tuple[Stage, Stage], str] = {
    (T.TRAINING, T.MATCHING): "readiness gate open",
    (T.TRAINING, T.CLOSED): "deferred, declined, left",
    (T.MATCHING, T.SESSIONS): "both agreed, charters signed",
    (T.MATCHING, T.CLOSED): "unmatched, left, ended",
    (T.SESSIONS, T.MATCHING): "mentee left, rematch",
    (T.SESSIONS, T.FEEDBACK): "last session held",
    (T.SESSIONS, T.CLOSED): "ended early, left",
    (T.FEEDBACK, T.CLOSED): "completed, left",
}

SESSION_EDGES: dict[tuple[SessionStatus | None, SessionStatus], str] = {
    (None, S.FINDING): "next session, make-up",
    (S.FINDING, S.PROPOSED): "times found",
    (S.FINDING, S.HELD): "they met anyway",
    (S.FINDING, S.WITHDRAWN): "paused, frozen, parted, closed",
    (S.PROPOSED, S.AGREED): "yes, another time, half an hour",
    (S.PROPOSED, S.FINDING): "declined, lapsed",
    (S.PROPOSED, S.HELD): "they met anyway",
    (S.PROPOSED, S.MISSED): "not held",
    (S.PROPOSED, S.WITHDRAWN): "paused, frozen, parted, closed",
    (S.AGREED, S.OVER): "nobody said yet",
    (S.AGREED, S.FINDING): "cancelled, rescheduled",
    (S.AGREED, S.HELD): "held",
    (S.AGREED, S.MISSED): "not held",
    (S.AGREED, S.WITHDRAWN): "paused, frozen, parted, closed",
    (S.OVER, S.HELD): "held",
    (S.OVER, S.MISSED): "not held",
    (S.OVER, S.UNKNOWN): "nobody said",
    (S.OVER, S.WITHDRAWN): "parted, closed",
    (S.UNKNOWN, S.HELD): "a late yes",
    (S.WITHDRAWN, S.HELD): "they met anyway",
}
