"""A message that ops write or correct on the console: checked before it is sent.

Nothing of it is kept or logged.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unicodedata import category

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.sizes import is_larger
from domain.wording import error_in_words, nearest, unknown_field_in_words
from gateway.events.reading import refuse_constant
from gateway.history import SentSignal
from gateway.http.problems import ProblemsFound
from schemas.examples import example
from schemas.handlers import SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW
from schemas.programme import Problem
from schemas.records.listings import RefusedListing

LONGEST_DRAFT_CHARACTERS = 60_000
MOST_DRAFT_VALUES = 2_000
"""Fields and items, each of which may be wrong by itself. The largest message that we know of has 200."""
MOST_PROBLEMS = 30
"""As many as are listed."""
OUR_FAULT = "could not be taken"
"""The reason begins so when the message was right and the fault was ours."""


class DraftInvalid(ProblemsFound):
    """Raised for a draft that would be refused, with everything that is wrong with it."""


@dataclass(frozen=True)
class MessageDraft:
    """Name and JSON of a message in the form; `origin` is sent, example or typed."""

    name: str
    text: str
    origin: str = "typed"


@dataclass(frozen=True)
class HandlerHelp:
    """A signal or update that a type of workflow takes, for the form's help."""

    name: str
    how: str
    means: str
    example: str


def handlers_help(kind: str) -> list[HandlerHelp]:
    """The signals, then the updates of a type of workflow."""
    both = (
        (SIGNALS_BY_WORKFLOW[kind], "signal"),
        (UPDATES_BY_WORKFLOW[kind], "update"),
    )
    return [
        HandlerHelp(name, how, _means(model), json.dumps(example(model)))
        for models, how in both
        for name, model in models.items()
    ]


def _means(model: type[BaseModel]) -> str:
    """A handler's docstring, without its natural key."""
    return (
        " ".join((model.__doc__ or "").split()).partition(" Key:")[0].replace("`", "")
    )


def first_draft(
    kind: str, message: RefusedListing, sent: list[SentSignal]
) -> MessageDraft:
    """The message that was refused, or an example where it cannot be read; under the nearest known name."""
    known = _models(kind)
    name = nearest(message.name, known, cutoff=0.5) or message.name
    found = _refused_one(kind, message, sent)
    if found is not None and found.readable and (text := _shown(found.value)):
        return MessageDraft(name, text, "sent")
    return MessageDraft(
        name, as_text(example(known[name])) if name in known else "{}", "example"
    )


def _shown(value: Any) -> str:
    """A payload as text; empty where it is too long for a form or nested too deeply."""
    try:
        text = as_text(value)
    except RecursionError:
        return ""
    return text if len(text) <= LONGEST_DRAFT_CHARACTERS else ""


def _refused_one(
    kind: str, message: RefusedListing, sent: list[SentSignal]
) -> SentSignal | None:
    """The nearest that would be refused: others of the same name may have come between, and been taken.

    Of several in one moment, the one that as many were refused after.
    """
    model = SIGNALS_BY_WORKFLOW[kind].get(message.name)
    meant = sent
    if model is not None and not message.reason.startswith(OUR_FAULT):
        meant = [
            each for each in sent if not each.readable or _problems(model, each.value)
        ] or sent
    return meant[min(message.later, len(meant) - 1)] if meant else None


def check_draft(kind: str, draft: MessageDraft) -> dict[str, Any]:
    """Returns the payload of a draft, ready to be sent.

    Raises:
        DraftInvalid: with every problem; no value is repeated in them.
    """
    model = _models(kind).get(draft.name)
    if model is None:
        raise DraftInvalid(Problem(path="name", what=_other_name(kind, draft.name)))
    value = _json(draft.text)
    if problems := _problems(model, value):
        raise DraftInvalid(*problems)
    return model.model_validate(value).model_dump(mode="json", exclude_unset=True)


def is_update(kind: str, name: str) -> bool:
    return name in UPDATES_BY_WORKFLOW[kind]


def _models(kind: str) -> dict[str, type[BaseModel]]:
    return {**SIGNALS_BY_WORKFLOW[kind], **UPDATES_BY_WORKFLOW[kind]}


def _other_name(kind: str, name: str) -> str:
    known = _models(kind)
    return unknown_field_in_words(name, sorted(known), {})


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DraftInvalid(
            Problem(path=where, what=f"not JSON: {error.msg}; allowed: one JSON object")
        ) from None
    except (ValueError, RecursionError):
        raise DraftInvalid(
            Problem(
                path="document",
                what="not JSON that can be read; allowed: one JSON object",
            )
        ) from None


def _unknown(model: type[BaseModel], value: dict[str, Any]) -> Iterator[Problem]:
    known = list(model.model_fields)
    for name in value:
        if name not in model.model_fields:
            what = unknown_field_in_words(name[:60], known, {})
            yield Problem(path=visible(name[:60]), what=what)


def _problems(model: type[BaseModel], value: Any) -> list[Problem]:
    if not isinstance(value, dict):
        return [
            Problem(
                path="document",
                what='not an object; allowed: one JSON object, such as {"session": 1}',
            )
        ]
    if is_larger(value, MOST_DRAFT_VALUES, LONGEST_DRAFT_CHARACTERS):
        what = (
            f"too large; allowed: up to {MOST_DRAFT_VALUES:,} values"
            f" and {LONGEST_DRAFT_CHARACTERS:,} characters"
        )
        return [Problem(path="document", what=what)]
    unknown = list(islice(_unknown(model, value), MOST_PROBLEMS))
    try:
        model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        return [
            *unknown,
            *(
                Problem(path=_path(each), what=_what(model, each))
                for each in found[:MOST_PROBLEMS]
            ),
        ]
    except (ArithmeticError, RecursionError):
        return [
            *unknown,
            Problem(
                path="document",
                what="a number or a time outside of what can be counted",
            ),
        ]
    return unknown


def _path(found: ErrorDetails) -> str:
    return ".".join(visible(str(part)[:60]) for part in found["loc"]) or "document"


def _what(model: type[BaseModel], found: ErrorDetails) -> str:
    if found["type"].startswith(("datetime", "timezone")):
        return "not a time; write it like 2027-01-11T09:00:00+01:00"
    top = found["loc"][0] if len(found["loc"]) == 1 else None
    return error_in_words(found, model.model_fields.get(str(top)))


def as_text(payload: Any) -> str:
    """Returns JSON as people edit and read it, its keys in the order of the payload."""
    text = json.dumps(payload, indent=2, ensure_ascii=False)
    return "\n".join(map(visible, text.split("\n")))


def visible(line: str) -> str:
    """Escapes what cannot be seen, turns the text around or is half a character."""
    return "".join(
        char if category(char)[0] != "C" else json.dumps(char)[1:-1] for char in line
    )
