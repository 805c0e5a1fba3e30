"""What somebody answers on a page. Pure: the same person, page and count make the same answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from binome.demo.forms import Form
from binome.demo.participants import Participant, Trait
from schemas.links import Question

Filled = dict[str, str]

OFFICE_HOURS = {
    f"{end}-{day}-{row}": value
    for day in range(5)
    for row, span in enumerate((("09:00", "12:00"), ("14:00", "18:00")))
    for end, value in zip(("from", "to"), span, strict=True)
}
IDEAS = {
    "fr": (
        "Lire dix commentaires de clients par jour.",
        "Tester l'outil soi-même avant la réunion.",
        "",
    ),
    "en": (
        "Read ten customers' comments a day.",
        "Try the tool before the meeting about it.",
        "",
    ),
}


@dataclass(frozen=True)
class OpenedPage:
    """One page, opened by one person."""

    person: Participant
    question: Question
    forms: Sequence[Form]
    times: int
    """How often this person has now been asked this question."""
    chance: float
    """A number from 0 to 1 that decides how this person answers."""

    def is_like(self, trait: Trait) -> bool:
        return trait in self.person.traits and self.times == 1


def answer(page: OpenedPage) -> Filled | None:
    """The form to send; None: this person sends none."""
    if page.is_like(Trait.SILENT) and page.question in (
        Question.ANSWER,
        Question.VOLUNTEER,
    ):
        return None
    fill = _ANSWERS.get(page.question)
    return fill(page) if fill else None


def _volunteer(page: OpenedPage) -> Filled | None:
    if Trait.DECLINES in page.person.traits:
        return next(
            form.filled(action="decline")
            for form in page.forms
            if form.offers("action", "decline")
        )
    form = page.forms[0]
    hours = (
        {}
        if any(value for name, value in form.fields.items() if name.startswith("from-"))
        else OFFICE_HOURS
    )
    return {**form.filled(action="volunteer", charter="yes"), **hours}


def _windows(page: OpenedPage) -> Filled:
    """Give all office hours as windows; they are asked for because no time suits both."""
    return {**page.forms[0].fields, **OFFICE_HOURS}


def _charter(page: OpenedPage) -> Filled:
    return page.forms[0].filled(charter="yes")


def _sign_off(page: OpenedPage) -> Filled:
    form = page.forms[0]
    rehearsed = {"rehearsed": "yes"} if "rehearsed" in form.choices else {}
    return form.filled(ready="yes", **rehearsed)


def _agree(page: OpenedPage) -> Filled:
    form = page.forms[0]
    if page.is_like(Trait.REFUSES):
        return form.filled(action="refuse")
    charter = {"charter": "yes"} if "charter" in form.choices else {}
    return form.filled(action="agree", **charter)


def _answer(page: OpenedPage) -> Filled | None:
    """Answer an invitation: mostly yes; a few ask for half an hour or another time, or accept none.

    What is agreed stays agreed.
    """
    form = page.forms[0]
    if page.person.has_delegate or not form.offers("answer", "yes"):
        return None
    times = [
        value for value in form.choices["answer"] if value.startswith("another_time@")
    ]
    if page.chance < 0.04:
        return form.filled(answer="another_time")
    if page.chance < 0.14 and times:
        return form.filled(answer=times[0])
    if page.chance > 0.94 and form.offers("answer", "half_hour"):
        return form.filled(answer="half_hour")
    return form.filled(answer="yes")


def _held(page: OpenedPage) -> Filled:
    return page.forms[0].filled(held="no" if page.chance < 0.04 else "yes")


def _pulse(page: OpenedPage) -> Filled:
    form = page.forms[0]
    score = 5 if page.chance < 0.5 else 4 if page.chance < 0.92 else 3
    ideas = IDEAS[page.person.locale]
    help_wanted = {"help": "yes"} if page.is_like(Trait.WORRIED) else {}
    return form.filled(
        score=str(score), idea=ideas[int(page.chance * len(ideas))], **help_wanted
    )


def _check_in(page: OpenedPage) -> Filled:
    return page.forms[0].filled(well="yes")


def _next(page: OpenedPage) -> Filled:
    offer = (
        "supervise"
        if page.chance < 0.4
        else "open_region"
        if page.chance < 0.7
        else "rest"
    )
    word = {"word": "yes"} if page.chance < 0.7 else {}
    return page.forms[0].filled(offer=offer, **word)


_ANSWERS: dict[Question, Callable[[OpenedPage], Filled | None]] = {
    Question.VOLUNTEER: _volunteer,
    Question.WINDOWS: _windows,
    Question.CHARTER: _charter,
    Question.SIGN_OFF: _sign_off,
    Question.AGREE: _agree,
    Question.ANSWER: _answer,
    Question.HELD: _held,
    Question.PULSE: _pulse,
    Question.CHECK_IN: _check_in,
    Question.NEXT: _next,
}
