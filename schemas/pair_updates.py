"""Updates of a pair: decisions of supervisor and ops, which a validator can refuse.

Its name is the `kind`, and its payload is the update without `kind`.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import LenientModel
from schemas.guard import KeptTogether
from schemas.ids import Code, Ordinal


class SignOffMentor(LenientModel):
    """Update `sign_off`: the supervisor says that the mentor is ready. Key: the pair."""

    kind: Literal["sign_off"] = "sign_off"
    rehearsed: bool = False
    """The same page may confirm the rehearsal."""


class WaiveGateItem(LenientModel):
    """Update `waive`: ops drop an item of the gate, with a reason code. Key: the item."""

    kind: Literal["waive"] = "waive"
    item: Annotated[
        str,
        Field(
            pattern=r"^(windows|rehearsal|sign_off|charter|module:[a-z0-9_-]{1,40})$"
        ),
    ]
    reason: Code


class PausePair(LenientModel):
    """Update `pause` of a pair, with a reason code. Key: the scope."""

    kind: Literal["pause"] = "pause"
    reason: Code = "asked"
    scope: Literal["pair", "directive"] = "pair"


class ResumePair(LenientModel):
    """Update `resume` of a pair: end its pause. Key: the scope."""

    kind: Literal["resume"] = "resume"
    scope: Literal["pair", "directive"] = "pair"


class RescheduleSession(LenientModel):
    """Update `reschedule`: find another time for a proposed or agreed session. It counts as missed by nobody."""

    kind: Literal["reschedule"] = "reschedule"
    session: Ordinal


class RematchPair(LenientModel):
    """Update `rematch`: part these two; the mentor waits for another mentee."""

    kind: Literal["rematch"] = "rematch"
    reason: Code


class EndPair(LenientModel):
    """Update `end`, or a cancellation of the workflow: close early, invites withdrawn."""

    kind: Literal["end"] = "end"
    reason: Code


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
