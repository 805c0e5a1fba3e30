"""CloudEvents 1.0 from an HTTP request: structured, batched or binary.

Read here rather than by the SDK, which invents a missing id: without the sender's own id a repetition is a new event.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote

from pydantic import ValidationError

from domain.sizes import is_larger
from domain.sources.messages import WEBHOOK_ID, MessageUnclear, event_of
from gateway.http.problems import RequestRefused, problems_of
from schemas.cloud_events import CloudEvent
from schemas.programme import Problem
from schemas.records.sources import MessageRule

LARGEST_BATCH = 1000
MOST_PROBLEMS = 30
"""As many as are listed of a batch; the rest of it is not looked at."""
MOST_VALUES = 20_000
"""Objects and lists in a body. A thousand events with all windows of a week come to fewer."""
MOST_EVENT_VALUES = 1_000
"""Fields and items of one event, each of which may be wrong by itself. All windows of a week come to fewer."""
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def read_events(
    headers: Mapping[str, str], body: bytes, rules: Sequence[MessageRule] = ()
) -> tuple[list[CloudEvent], bool]:
    """The events of a request, and whether they came as a batch.

    A message that is no CloudEvent becomes one by the rules of its source; without an
    event it is about nothing that they name.

    Raises:
        RequestRefused: 415 for another content type, 400 for what is not JSON, 422 for what is not a CloudEvent.
    """
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    binary = "ce-specversion" in headers
    if media not in (STRUCTURED, BATCH, "application/json") and not (
        binary and not body
    ):
        raise RequestRefused(
            415,
            f"Send {STRUCTURED}, {BATCH}, or application/json with ce- headers (binary mode).",
        )
    if binary:
        return [_envelope(_from_headers(headers, body))], False
    value = read_json(body)
    if media == BATCH or (media == "application/json" and isinstance(value, list)):
        return _batch(value), True
    if rules and isinstance(value, dict) and "specversion" not in value:
        return _by_rules(headers, value, rules), False
    return [_envelope(value)], False


def _by_rules(
    headers: Mapping[str, str], message: dict[str, Any], rules: Sequence[MessageRule]
) -> list[CloudEvent]:
    try:
        attributes = event_of(rules, message, headers.get(WEBHOOK_ID, ""))
    except MessageUnclear as unclear:
        what = "missing; a rule of this source needs it"
        problem = Problem(path=unclear.place, what=what)
        raise RequestRefused(422, "Nothing was stored.", [problem]) from None
    return [_envelope(attributes)] if attributes else []


def read_json(body: bytes) -> Any:
    """JSON that PostgreSQL can keep: UTF-8, no NaN, no NUL, no half of a surrogate pair.

    A byte order mark before it, as some services send, is ignored (RFC 8259, 8.1).

    Raises:
        RequestRefused: 400, it is not; 413, it holds too many values.
    """
    if body.count(b"{") + body.count(b"[") > MOST_VALUES:
        raise RequestRefused(413, "The body has too many values; send several.")
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=refuse_constant)
        kept = json.dumps(value, ensure_ascii=False)
        kept.encode("utf-8")
    except (ValueError, RecursionError):
        raise RequestRefused(400, "The body is not JSON in UTF-8.") from None
    if "\\u0000" in kept:
        raise RequestRefused(400, "The body holds a NUL character; leave it out.")
    return value


def refuse_constant(_: str) -> NoReturn:
    """For `json.loads`, which reads them."""
    raise ValueError("NaN and Infinity are not JSON")


def _batch(value: Any) -> list[CloudEvent]:
    if not isinstance(value, list) or not value:
        raise RequestRefused(400, "A batch is a JSON array of at least one event.")
    if len(value) > LARGEST_BATCH:
        raise RequestRefused(
            413, f"A batch holds at most {LARGEST_BATCH} events; send several."
        )
    problems: list[Problem] = []
    events: list[CloudEvent] = []
    for index, each in enumerate(value):
        if len(problems) >= MOST_PROBLEMS:
            break
        try:
            events.append(_envelope(each, f"[{index}]"))
        except RequestRefused as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise RequestRefused(
            422,
            "Nothing was stored. Correct what is listed and send the batch again.",
            problems[:MOST_PROBLEMS],
        )
    return events


def _envelope(value: Any, prefix: str = "") -> CloudEvent:
    if isinstance(value, dict) and "data_base64" in value:
        value = {**value, "data": _from_base64(value, prefix)}
    if is_larger(value, MOST_EVENT_VALUES, sys.maxsize):
        what = f"too large; allowed: up to {MOST_EVENT_VALUES:,} values"
        problem = Problem(path=prefix or "body", what=what)
        raise RequestRefused(422, "Nothing was stored.", [problem])
    try:
        return CloudEvent.model_validate(value)
    except ValidationError as error:
        raise RequestRefused(
            422, "Nothing was stored.", problems_of(error, prefix)
        ) from None


def _from_base64(value: dict[str, Any], prefix: str) -> Any:
    """The data of an event whose sender encodes them, as CloudEvents allows."""
    wrong = "not JSON in base64; send data instead"
    try:
        if "data" not in value:
            return read_json(b64decode(value["data_base64"], validate=True))
        wrong = "beside data; send one of the two"
    except (TypeError, ValueError, RequestRefused):
        pass
    path = f"{prefix}.data_base64" if prefix else "data_base64"
    raise RequestRefused(422, "Nothing was stored.", [Problem(path=path, what=wrong)])


def _from_headers(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        name.lower().removeprefix("ce-"): unquote(text)
        for name, text in headers.items()
        if name.lower().startswith("ce-")
    }
    attributes["data"] = read_json(body) if body else {}
    return attributes
