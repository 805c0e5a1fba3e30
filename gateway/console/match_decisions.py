"""What the buttons of a review decide about matches. Pure: a form in, a decision out."""

from enum import StrEnum
from typing import Annotated, Any

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


class ReviewChoice(BaseModel):
    """The match or people that a pressed button is about: its row's, else the form's."""

    matches: list[str]
    mentor: str
    mentee: str

    @classmethod
    def of(cls, row: RowButton, form: ReviewForm) -> "ReviewChoice":
        return cls(
            matches=[row.match] if row.match else form.match,
            mentor=row.mentor or form.mentor,
            mentee=row.mentee or form.mentee,
        )


class NothingChosen(Exception):
    """A button was pressed that needs ticks or people; the text says which."""


def decision_of(
    verb: MatchVerb, choice: ReviewChoice, seen: ReviewForm
) -> MatchDecision:
    """The decision of a button, about the run that the page showed.

    Raises:
        NothingChosen: what it needs is missing.
    """
    decided = {"run": seen.run, "by": "console", **_what(verb, choice)}
    if seen.revision is not None:
        decided["revision"] = seen.revision
    try:
        return MatchDecision.model_validate(decided)
    except ValidationError:
        raise NothingChosen("Choose a mentor and a mentee.") from None


def _what(verb: MatchVerb, choice: ReviewChoice) -> dict[str, Any]:
    match verb:
        case MatchVerb.ALL | MatchVerb.RERUN:
            return {verb: True}
        case MatchVerb.APPROVE | MatchVerb.REFUSE:
            if not choice.matches:
                raise NothingChosen("Nothing is ticked. Tick the pairs that you mean.")
            return {verb: choice.matches}
        case MatchVerb.SWAP:
            if len(choice.matches) != 2:
                raise NothingChosen(
                    "Tick exactly two pairs: their mentors exchange the mentees."
                )
            one, other = choice.matches
            return {verb: [{"one": one, "other": other}]}
        case MatchVerb.PIN | MatchVerb.UNPIN | MatchVerb.BAN | MatchVerb.UNBAN:
            return {verb: [{"mentor": choice.mentor, "mentee": choice.mentee}]}
