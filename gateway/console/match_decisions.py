"""What the buttons of a review decide about matches. Pure: a form in, a decision out."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError

from schemas.cohort import MatchDecision

PersonField = Annotated[str, Field(max_length=20)]


class MatchVerb(StrEnum):
    """The decisions that buttons make; each is the last part of the button's address."""

    ALL = "all"
    APPROVE = "approve"
    REFUSE = "refuse"
    SWAP = "swap"
    PIN = "pin"
    UNPIN = "unpin"
    BAN = "ban"
    UNBAN = "unban"
    RERUN = "rerun"


class RowButton(BaseModel):
    """The people or match that a button's address names; empty: the form names them."""

    match: Annotated[str, Field(max_length=200)] = ""
    mentor: PersonField = ""
    mentee: PersonField = ""


class ReviewForm(BaseModel):
    """The form of a review: the run it showed, the ticked matches and the two people
    chosen.
    """

    run: Annotated[int, Field(ge=0)] = 0
    revision: Annotated[int | None, Field(ge=0)] = None
    match: list[str] = []
    mentor: PersonField = ""
    mentee: PersonField = ""
    after: Annotated[str, Field(max_length=200)] = ""
    """The last match of the page before the one that it showed."""

    def about(self, row: RowButton) -> Self:
        """The same about a pressed button's own row, whatever is ticked, where it has one."""
        return self.model_copy(
            update={
                "match": [row.match] if row.match else self.match,
                "mentor": row.mentor or self.mentor,
                "mentee": row.mentee or self.mentee,
            }
        )


class NothingChosen(Exception):
    """A button was pressed that needs ticks or people; the text says which."""


def decision_of(verb: MatchVerb, chosen: ReviewForm) -> MatchDecision:
    """The decision of a button, about the run that the page showed.

    Raises:
        NothingChosen: what it needs is missing.
    """
    decided = {"run": chosen.run, **_what(verb, chosen)}
    if chosen.revision is not None:
        decided["revision"] = chosen.revision
    try:
        return MatchDecision.model_validate(decided)
    except ValidationError:
        raise NothingChosen("Choose a mentor and a mentee.") from None


def _what(verb: MatchVerb, chosen: ReviewForm) -> dict[str, Any]:
    match verb:
        case MatchVerb.ALL | MatchVerb.RERUN:
            return {verb: True}
        case MatchVerb.APPROVE | MatchVerb.REFUSE:
            if not chosen.match:
                raise NothingChosen("Nothing is ticked. Tick the pairs that you mean.")
            return {verb: chosen.match}
        case MatchVerb.SWAP:
            if len(chosen.match) != 2:
                raise NothingChosen(
                    "Tick exactly two pairs: their mentors exchange the mentees."
                )
            one, other = chosen.match
            return {verb: [{"one": one, "other": other}]}
        case MatchVerb.PIN | MatchVerb.UNPIN | MatchVerb.BAN | MatchVerb.UNBAN:
            return {verb: [{"mentor": chosen.mentor, "mentee": chosen.mentee}]}
