"""Updates of a pair: decisions of supervisor and ops, which a validator can refuse.

Its name is the `kind`, and its payload is the update without `kind`.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.deciders import PairDecision
from schemas.guard import KeptTogether
from schemas.ids import Code, Ordinal


class SignOffMentor(PairDecision):
    """Update `sign_off`: the supervisor says that the mentor is ready. Key: the pair."""

    kind: Literal["sign_off"] = "sign_off"
    rehearsed: bool = False
    """The same page may confirm the rehearsal."""


class WaiveGateItem(PairDecision):
    """Update `waive`: ops drop an item of the gate, with a reason code. Key: the item."""

    kind: Literal["waive"] = "waive"
    item: Annotated[
        str,
        Field(
            pattern=r"^(windows|rehearsal|sign_off|charter|module:[a-z0-9_-]{1,40})$"
        ),
    ]
    reason: Code


class PausePair(PairDecision):
    """Update `pause`, with a reason code. Key: the scope."""

    kind: Literal["pause"] = "pause"
    reason: Code = "asked"
    scope: Literal["pair", "directive"] = "pair"


class ResumePair(PairDecision):
    """Update `resume`. Key: the scope."""

    kind: Literal["resume"] = "resume"
    scope: Literal["pair", "directive"] = "pair"


class RescheduleSession(PairDecision):
    """Update `reschedule`: look for another time for the session that is proposed or agreed; costs nobody."""

    kind: Literal["reschedule"] = "reschedule"
    session: Ordinal


class RematchPair(PairDecision):
    """Update `rematch`: part these two; the mentor waits for another mentee."""

    kind: Literal["rematch"] = "rematch"
    reason: Code


class EndPair(PairDecision):
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
