"""CloudEvents 1.0 from an HTTP request: structured, batched or binary.

Read here rather than by the SDK, which invents a missing id: without the sender's own id a repetition is a new event.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import unquote

from pydantic import ValidationError

from gateway.http.problems import RequestRefused, problems_of
from schemas.cloud_events import CloudEvent
from schemas.programme import Problem

LARGEST_BATCH = 1000
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def read_events(
    headers: Mapping[str, str], body: bytes
) -> tuple[list[CloudEvent], bool]:
    """The events of a request, and whether they came as a batch.

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
    return [_envelope(value)], False


def read_json(body: bytes) -> Any:
    """JSON that PostgreSQL can keep: UTF-8, no NaN, no NUL, no half of a surrogate pair.

    Raises:
        RequestRefused: 400, it is not.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
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
        try:
            events.append(_envelope(each, f"[{index}]"))
        except RequestRefused as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise RequestRefused(
            422,
            "Nothing was stored. Correct what is listed and send the batch again.",
            problems,
        )
    return events


def _envelope(value: Any, prefix: str = "") -> CloudEvent:
    try:
        return CloudEvent.model_validate(value)
    except ValidationError as error:
        raise RequestRefused(
            422, "Nothing was stored.", problems_of(error, prefix)
        ) from None


def _from_headers(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        name.lower().removeprefix("ce-"): unquote(text)
        for name, text in headers.items()
        if name.lower().startswith("ce-")
    }
    attributes["data"] = read_json(body) if body else {}
    return attributes
