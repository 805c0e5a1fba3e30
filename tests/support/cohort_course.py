"""What a cohort of two pairs finds at each look, from its training to its end."""

from schemas.cohort import CohortCounts
from schemas.stages import Outcome, Stage

TRAINING = CohortCounts(pairs=2, stages={Stage.TRAINING: 2}, waiting_mentees=2)
READY = CohortCounts(
    pairs=2, stages={Stage.MATCHING: 2}, ready_mentors=2, waiting_mentees=2
)
PROPOSED = READY.model_copy(update={"proposed": 2})
APPROVED = READY.model_copy(update={"approved": 2})
SESSIONS = CohortCounts(pairs=2, stages={Stage.SESSIONS: 2}, claims=2)
LINES_CHANGED = SESSIONS.model_copy(update={"guard_due": True})
HELD = SESSIONS.model_copy(update={"guard_held": 2})
UNSIGNALLED = SESSIONS.model_copy(update={"guard_to_notify": 2})
GUARDED = SESSIONS.model_copy()
CLOSED = CohortCounts(
    pairs=2, stages={Stage.CLOSED: 2}, outcomes={Outcome.COMPLETED: 2}, sessions_held=8
)


class Course:
    """What a cohort finds at each look; what is done about it moves it on."""

    def __init__(self, days: int) -> None:
        self._looks = iter([TRAINING] * days)
        self._counts = READY

    def look(self) -> CohortCounts:
        return next(self._looks, self._counts)

    def move(self, counts: CohortCounts) -> None:
        self._counts = counts
        if counts is SESSIONS:
            self._looks, self._counts = iter([SESSIONS] * 3), CLOSED
