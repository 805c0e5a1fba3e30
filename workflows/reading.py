"""Reading whatever arrived into a model, or refusing it: fields and what is allowed, never a value."""

from collections.abc import Sequence
from json import dumps
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from temporalio.exceptions import ApplicationError

from domain.programme.document import NEXT_STEP
from domain.programme.size import too_large
from domain.wording import error_in_words, unknown_field_in_words
from schemas.examples import example
from schemas.unreadable import ENCRYPTED, Unreadable

Model = TypeVar("Model", bound=BaseModel)


class MessageRefused(ValueError):
    """A message that is refused; its text names fields and what is allowed, never a value."""


def document(args: Sequence[Any]) -> dict[str, Any]:
    """Returns a start document as it was typed, unchecked.

    Raises:
        MessageRefused: it is no JSON object, or too large.
    """
    value = _only(args)
    if isinstance(value, Unreadable):
        raise MessageRefused(f"the document is {_unreadable(value)}")
    if not isinstance(value, dict):
        raise MessageRefused(
            "the document is not a JSON object; it begins with { and has at least programme and regions"
        )
    if problem := too_large(value):  # before it is handed to an activity
        raise MessageRefused(str(problem))
    return value


def read(model: type[Model], args: Sequence[Any], *, strict: bool = False) -> Model:
    """Read a model from whatever arrived.

    With `strict`, unknown fields are refused, and the nearest known one is named.

    Raises:
        MessageRefused: why it cannot be read.
    """
    value = _only(args)
    if isinstance(value, Unreadable):
        raise MessageRefused(_unreadable(value))
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise MessageRefused(
            f"not an object; send one JSON object with: {', '.join(model.model_fields) or 'no fields'}"
        )
    unknown = [key for key in value if key not in model.model_fields]
    if strict and unknown:
        raise MessageRefused(
            "; ".join(_unknown(model, str(key)) for key in unknown[:5])
        )
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise MessageRefused(problems(error)) from None
    except RecursionError:
        raise MessageRefused("nested too deeply") from None
    except ArithmeticError:  # from a signal it would hold the workflow task
        raise MessageRefused(
            "a number or a time outside of what can be counted"
        ) from None


def read_carried(model: type[Model], args: Sequence[Any]) -> Model:
    """Read the state that the run before handed over.

    Raises:
        RuntimeError: it cannot be read. Raised on purpose: it holds the workflow task, seen in the Web UI, until a
            version is deployed that can, where an `ApplicationError` would end a months-old pair.
    """
    try:
        return model.model_validate(args[0])
    except (ValidationError, IndexError) as error:
        why = (
            problems(error)
            if isinstance(error, ValidationError)
            else "nothing was carried"
        )
        raise RuntimeError(
            f"carried state cannot be read, deploy a version that can: {why}"
        ) from None


def _only(args: Sequence[Any]) -> Any:
    if len(args) > 1:
        raise MessageRefused(f"{len(args)} payloads arrived; send one JSON object")
    return args[0] if args else None


def _unreadable(value: Unreadable) -> str:
    if value.encoding == ENCRYPTED:
        return (
            "encrypted, and not with a key of this installation; send it in plain JSON, "
            "or through a process that has the first of BINOME_PAYLOAD_KEYS"
        )
    return f"not readable as JSON ({value.size} bytes); send one JSON object"


def _unknown(model: type[BaseModel], key: str) -> str:
    """The nearest known field is looked for to the first 60 characters only."""
    what = unknown_field_in_words(key[:60], list(model.model_fields), {})
    return f"{safe_name(key)}: {what}"


def safe_name(name: str) -> str:
    """Returns a name that may be shown: a code, or nothing of what was sent."""
    plain = (
        name.isascii()
        and len(name) <= 60
        and name.replace("_", "").replace("-", "").replace(".", "").isalnum()
    )
    return name if plain else "(a name that is no code)"


def problems(error: ValidationError) -> str:
    """List every problem with its field; no value, and no text that an outsider wrote."""
    found = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{_path(p['loc'])}: {_what(p)}" for p in found[:8])


def _what(found: ErrorDetails) -> str:
    """Describe one error for people who are no programmers, unlike pydantic's text."""
    if found["type"] in ("missing", "string_pattern_mismatch", "enum", "literal_error"):
        return error_in_words(found, None)
    return found["msg"].removeprefix("Value error, ")


def _path(loc: Sequence[int | str]) -> str:
    return ".".join(safe_name(str(part)) for part in loc) or "document"


def invalid_input(text: str) -> ApplicationError:
    """The error that ends the run of an invalid start document, with what to do next."""
    # a refusal may end with a question: did you mean …?
    stop = "" if text.endswith("?") else "."
    return ApplicationError(
        f"{text}{stop} {NEXT_STEP}",
        type="InvalidInput",
        non_retryable=True,
    )


def describe(model: type[BaseModel]) -> str:
    """A handler's description for the Web UI: its meaning, and an example to paste."""
    meaning = (model.__doc__ or "").strip()
    return f"{meaning} Example: `{dumps(example(model))}`"
