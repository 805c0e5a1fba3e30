"""What a browser would see of a page: its forms, and which question they ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from schemas.links import Question


@dataclass
class Form:
    """Fields as a browser would send them untouched, and what can be ticked or pressed."""

    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Values of ticks, radios and named buttons, by name, in the order of the page."""
    buttons: int = 0

    def filled(self, **values: str) -> dict[str, str]:
        """The fields as they are, with these values over them."""
        return {**self.fields, **values}

    def offers(self, name: str, value: str) -> bool:
        return value in self.choices.get(name, ())


def forms_of(page: str) -> list[Form]:
    """The forms that answer the page, in its order; one with an address of its own does not."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.buttons]


_BY_CHOICE = {
    ("action", "volunteer"): Question.VOLUNTEER,
    ("action", "agree"): Question.AGREE,
    ("held", "yes"): Question.HELD,
    ("well", "yes"): Question.CHECK_IN,
    ("ready", "yes"): Question.SIGN_OFF,
    ("call", "yes"): Question.HELP,
    ("charter", "yes"): Question.CHARTER,
}
_BY_NAME = {
    "answer": Question.ANSWER,
    "score": Question.PULSE,
    "offer": Question.NEXT,
    "from-0-0": Question.WINDOWS,
}


def question_of(form: Form) -> Question | None:
    """The question of a form, by its fields; None: not one of a participant's."""
    for (name, value), question in _BY_CHOICE.items():
        if form.offers(name, value):
            return question
    for name, question in _BY_NAME.items():
        if name in form.fields or name in form.choices:
            return question
    return None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and "action" not in given:
            self._open = Form()
            self.forms.append(self._open)
        elif self._open is not None:
            self._control(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text is not None:
            self._open.fields[self._text] += data

    def _control(self, form: Form, tag: str, given: Mapping[str, str]) -> None:
        name = given.get("name", "")
        match tag, given.get("type", ""):
            case "button", _:
                form.buttons += 1
                if name:
                    form.choices.setdefault(name, []).append(given.get("value", ""))
            case "input", "radio" | "checkbox":
                form.choices.setdefault(name, []).append(given.get("value", "on"))
                if "checked" in given:
                    form.fields[name] = given.get("value", "on")
            case "input", _:
                form.fields[name] = given.get("value", "")
            case "textarea", _:
                form.fields[name], self._text = "", name
            case _:
                pass
