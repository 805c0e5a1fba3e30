"""Refusals, as problem+json (RFC 9457): where, what, and what is allowed. A value that was sent is never repeated."""

from collections.abc import Iterable, Sequence

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.programme import Problem

TITLES = {
    400: "Not readable",
    401: "Not known",
    403: "Not allowed",
    404: "Not found",
    405: "Not this way",
    409: "In conflict",
    413: "Too large",
    408: "Too slow",
    415: "Not a format we read",
    421: "Not our name",
    422: "Not accepted",
    429: "Too often",
    431: "Too large",
    503: "Not ready",
}

NO_SUCH_ADDRESS = "There is nothing at this address."


class ProblemsFound(Exception):
    """What was sent does not fit, with every reason found; no value is repeated."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class RequestRefused(Exception):
    """A request that is refused; `refusal_response` makes problem+json of it."""

    def __init__(
        self, status: int, detail: str, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.problems = tuple(problems)


async def refusal_response(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RequestRefused)
    return problem_json(refusal.status, refusal.detail, refusal.problems)


async def not_accepted_response(_: Request, error: Exception) -> Response:
    """A query or form that does not fit; the framework's own answer would repeat what was sent."""
    assert isinstance(error, RequestValidationError)
    found = tuple(
        Problem(path=_path("", e["loc"]), what=str(e["msg"])) for e in error.errors()
    )
    return problem_json(422, "Nothing was changed.", found)


async def text_unstorable_response(_: Request, error: Exception) -> Response:
    return problem_json(422, "A field holds a NUL character; leave it out.")


def problem_json(
    status: int, detail: str, problems: Sequence[Problem] = ()
) -> Response:
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
    }
    if problems:
        body["errors"] = [p.model_dump() for p in problems]
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}.get(
        status, {}
    )
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def problems_of(error: ValidationError, prefix: str = "") -> tuple[Problem, ...]:
    """Returns every error of a validation with its path, in our words and without the
    input.
    """
    found = error.errors(include_input=False, include_url=False)
    within = {each["loc"][:end] for each in found for end in range(len(each["loc"]))}
    return tuple(
        Problem(path=_path(prefix, each["loc"]), what=_what(each))
        for each in found
        if each["type"] != "too_short"
        or each["loc"] not in within  # only entries that are wrong make it too short
    )


def _path(prefix: str, loc: Iterable[int | str]) -> str:
    path = prefix
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "body"


_ALLOWED_IN_WINDOW = {
    "day": "0 (Monday) to 6 (Sunday)",
    "start": "minutes from midnight, 0 to 1439",
    "end": "minutes from midnight, 1 to 1440",
}


def _what(found: ErrorDetails) -> str:
    context = found.get("ctx", {})
    match found["type"]:
        case "missing":
            return "missing; it is needed"
        case "literal_error" | "enum":
            return f"not allowed; allowed: {context.get('expected', '')}"
        case "string_pattern_mismatch":
            return "not a code; allowed: lower case letters, digits, - and _, at most 40 characters"
        case "too_short":
            return f"too few; at least {context.get('min_length', 1)} needed"
        case "value_error":
            return str(context.get("error", found["msg"]))
        case _ if (
            found["loc"][-3:-2] == ("windows",)
            and found["loc"][-1] in _ALLOWED_IN_WINDOW
        ):
            return f"not accepted; allowed: {_ALLOWED_IN_WINDOW[str(found['loc'][-1])]}"
        case _:
            return found["msg"].replace("Input should be", "not accepted; allowed:")
