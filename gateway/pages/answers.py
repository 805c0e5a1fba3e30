"""What a person answered with a form, and the form as it came. Nothing is kept here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.pair.advance import advance
from domain.pair.questions import side_of
from domain.pair.refusals import why_ignored
from gateway.pulses import Pulse
from schemas.events import SENT, Side
from schemas.guard import KeptTogether
from schemas.links import Link
from schemas.pair import PairState
from schemas.pair_updates import RematchPair, SignOffMentor
from schemas.time.calendar import Window

LONGEST_TEXT_CHARACTERS = 4000
"""Characters of an idea or a comment that are kept."""
ANOTHER_ANSWER_HELPS = {
    "newer_invite": "wrong.newer",
    "not_offered": "wrong.not_offered",
    "time_has_passed": "wrong.not_offered",
    "the_mentee_is_asked": "wrong.choose",
    "already_agreed": "wrong.agreed",
}
"""Why the lifecycle would ignore an answer, and which text of the page says so.

Whatever else it ignores it knows already, and the person is thanked for it.
"""


class FormWrong(Exception):
    """A form with something missing or wrong: `keys` are texts of the page, shown
    again.
    """

    def __init__(self, *keys: str) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


@dataclass(frozen=True)
class AnswerSignal:
    """An answer as a signal to the pair."""

    kind: str
    payload: Mapping[str, Any]
    about: tuple[object, ...] = ()
    """The question, where its answers exclude each other: the first one to it counts."""
    seed: str = ""
    """Tells two answers apart that look alike; the same seed is the same event."""


class NextOffer(NamedTuple):
    """What a mentor wants to do after the last session."""

    offer: str
    """What the mentor would do next: supervise, open_region or rest."""
    word_to_manager: bool


@dataclass(frozen=True)
class FormAnswer:
    """An answer: signals for the inbox, an update for the pair, and what PostgreSQL
    keeps.
    """

    code: str
    """Key of the thanks that the page shows."""
    signals: tuple[AnswerSignal, ...] = ()
    update: SignOffMentor | KeptTogether | RematchPair | None = None
    windows: tuple[Window, ...] = ()
    pulse: Pulse | None = None
    concern_seed: str | None = None
    next_offer: NextOffer | None = None


@dataclass(frozen=True)
class FilledForm:
    """A form that somebody sent, and the pair as it was at that time."""

    link: Link
    state: PairState
    now: datetime
    """When it was sent, programme time."""
    fields: Mapping[str, str]

    @property
    def side(self) -> Side:
        return side_of(self.link)

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    def ticked(self, name: str) -> bool:
        return name in self.fields

    def text(self, name: str) -> str:
        """Returns free text without NUL, which PostgreSQL cannot keep, cut to its
        longest length.
        """
        return self.get(name).replace("\x00", "").strip()[:LONGEST_TEXT_CHARACTERS]

    def choice(self, name: str, *allowed: str, wrong: str = "wrong.choose") -> str:
        """The button or mark that was chosen.

        Raises:
            FormWrong: none, or another one than these.
        """
        if self.get(name) not in allowed:
            raise FormWrong(wrong)
        return self.get(name)

    def signal(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        about: tuple[object, ...] = (),
        seed: str = "",
    ) -> AnswerSignal:
        """The answer as a signal.

        Raises:
            FormWrong: the lifecycle would ignore it, and take another answer.
        """
        why = self.why_ignored(kind, payload)
        if why in ANOTHER_ANSWER_HELPS:
            raise FormWrong(ANOTHER_ANSWER_HELPS[why])
        return AnswerSignal(kind, payload, about, seed)

    def state_after(self, signal: AnswerSignal) -> PairState:
        """The pair as the answer will leave it, if nothing else comes before."""
        event = SENT[signal.kind].model_validate(signal.payload)
        return advance(self.state, event, self.now).state

    def why_ignored(self, kind: str, payload: Mapping[str, Any]) -> str | None:
        """Why the lifecycle would ignore this answer, as a code; None: it would not."""
        try:
            event = SENT[kind].model_validate(payload)
        except ValidationError:  # a time that is none: the one field that is free text
            return "not_offered"
        return why_ignored(self.state, event, self.now)
