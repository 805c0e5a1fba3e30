"""Signed links: one question to one person. The signing itself is the gateway's (`gateway/links.py`)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import LenientModel
from schemas.ids import Ordinal, PersonId


class Question(StrEnum):
    """The questions that links ask, each on its own page; only its button changes something."""

    VOLUNTEER = "volunteer"
    """Mentor: take part (with weekly windows and charter) or decline without a reason."""
    WINDOWS = "windows"
    MODULES = "modules"
    """Mentor: what is done and what is missing of the readiness gate."""
    CHARTER = "charter"
    SIGN_OFF = "sign_off"
    """Supervisor: the mentor has rehearsed, and is ready."""
    AGREE = "agree"
    """Mentor or mentee: agree to the match (the mentee signs the charter too) or rather not."""
    ANSWER = "answer"
    """Mentee, delegate or mentor: yes, no, another time, half an hour."""
    HELD = "held"
    PULSE = "pulse"
    CHECK_IN = "check_in"
    """Supervisor: talked with the mentor; all is well, or not."""
    KEEP_OR_PART = "keep_or_part"
    """Supervisor: the two of a frozen pair go on, or part."""
    HELP = "help"
    NEXT = "next"
    """Mentor, at the end: supervise, open the next region, or rest; whether a word goes to the manager."""


class Link(LenientModel):
    """What a signed link says. It holds ids only: links end up in browsers' histories."""

    question: Question
    pair: str
    """Workflow id of the pair that it is about."""
    person: PersonId
    role: Annotated[str, Field(pattern=r"^(mentor|mentee|delegate|supervisor)$")]
    session: Ordinal | None = None
    attempt: Ordinal = 1
    sequence: int = 0
    """For ANSWER: the invite it is about; a newer one closes the question."""
    check: int = 0
    """For CHECK_IN: the number of the request (`Notice.check`); a newer one closes the question. For KEEP_OR_PART: of
    the look at the lines."""
    mentee: PersonId | None = None
    """For AGREE and KEEP_OR_PART: the match it is about."""
    generation: int = 0
    """Generation of the person's links when it was made; the link is closed once theirs is another."""

    def with_question(self, question: Question) -> "Link":
        """Returns a link to another question for the same person about the same pair."""
        return Link(
            question=question,
            pair=self.pair,
            person=self.person,
            role=self.role,
            generation=self.generation,
        )
