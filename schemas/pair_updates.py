"""Updates of a pair: decisions of supervisor and ops, which a validator can refuse.

Its name is the `kind`, and its payload is the update.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import PairDecision
from schemas.guard import KeptTogether
from schemas.ids import Ordinal
from schemas.records.reasons import EndReason, PauseReason, RematchReason, WaiveReason


class SignOffMentor(PairDecision, kind="sign_off"):
    """Update `sign_off`: the supervisor says that the mentor is ready. Key: the pair."""

    rehearsed: bool = False
    """The same page may confirm the rehearsal."""


class WaiveGateItem(PairDecision, kind="waive"):
    """Update `waive`: ops drop an item of the gate, with a reason code. Key: the item."""

    item: Annotated[
        str,
        Field(
            pattern=r"^(windows|rehearsal|sign_off|charter|module:[a-z0-9_-]{1,40})$"
        ),
    ]
    reason: WaiveReason


class PausePair(PairDecision, kind="pause"):
    """Update `pause` of a pair, with a reason code. Key: the scope."""

    reason: PauseReason = PauseReason.ASKED
    scope: Literal["pair", "directive"] = "pair"


class ResumePair(PairDecision, kind="resume"):
    """Update `resume` of a pair: end its pause. Key: the scope."""

    scope: Literal["pair", "directive"] = "pair"


class RescheduleSession(PairDecision, kind="reschedule"):
    """Update `reschedule`: find another time for a proposed or agreed session. It counts as missed by nobody."""

    session: Ordinal


class RematchPair(PairDecision, kind="rematch"):
    """Update `rematch`: part these two; the mentor waits for another mentee."""

    reason: RematchReason


class EndPair(PairDecision, kind="end"):
    """Update `end`, or a cancellation of the workflow: close early, invites withdrawn."""

    reason: EndReason


PairUpdate = (
    SignOffMentor
    | WaiveGateItem
    | PausePair
    | ResumePair
    | RescheduleSession
    | RematchPair
    | KeptTogether
    | EndPair
)
