"""CloudEvents as they come over HTTP: structured, batched, binary, and everything that is not one."""

import json
from base64 import b64encode
from typing import Any

import pytest

from gateway.events.reading import BATCH, LARGEST_BATCH, STRUCTURED, read_events
from gateway.http.problems import RequestRefused

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/lms",
    "type": "binome.module_completed.v1",
    "subject": "x-ana",
    "data": {"module": "ecoute"},
}


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "media", [STRUCTURED, f"{STRUCTURED}; charset=utf-8", "application/json"]
)
def test_a_structured_event_is_read(media: str) -> None:
    events, batch = read_events({"content-type": media}, body(EVENT))
    assert (events[0].subject, events[0].data, batch) == (
        "x-ana",
        {"module": "ecoute"},
        False,
    )


def test_a_batch_keeps_its_order() -> None:
    events, batch = read_events(
        {"content-type": BATCH}, body([EVENT, EVENT | {"id": "2"}])
    )
    assert ([e.id for e in events], batch) == (["1", "2"], True)


def test_a_binary_event_takes_its_attributes_from_headers() -> None:
    headers = {f"ce-{k}": v for k, v in EVENT.items() if k != "data"} | {
        "content-type": "application/json"
    }
    events, _ = read_events(
        headers | {"ce-subject": "caf%C3%A9"}, body({"module": "ecoute"})
    )
    assert (events[0].subject, events[0].data) == ("café", {"module": "ecoute"})


def test_unknown_attributes_are_left_to_the_sender() -> None:
    events, _ = read_events(
        {"content-type": STRUCTURED},
        body(EVENT | {"traceparent": "00-1", "data": None}),
    )
    assert events[0].data == {}


@pytest.mark.parametrize(
    ("headers", "sent", "status"),
    [
        ({"content-type": "text/plain"}, body(EVENT), 415),
        ({}, body(EVENT), 415),
        ({"content-type": STRUCTURED}, b"", 400),
        ({"content-type": STRUCTURED}, b"{", 400),
        ({"content-type": STRUCTURED}, b"\xff\xfe", 400),
        ({"content-type": STRUCTURED}, b'{"id": NaN}', 400),
        ({"content-type": STRUCTURED}, b'{"id": "\\ud800"}', 400),
        ({"content-type": STRUCTURED}, b'{"id": "\\u0000"}', 400),
        ({"content-type": STRUCTURED}, b"[" * 15_000, 400),
        ({"content-type": STRUCTURED}, b"[" * 100_000, 413),
        ({"content-type": STRUCTURED}, b"[]", 422),
        ({"content-type": STRUCTURED}, b"null", 422),
        ({"content-type": BATCH}, b"[]", 400),
        ({"content-type": BATCH}, body(EVENT), 400),
        ({"content-type": BATCH}, body([EVENT] * (LARGEST_BATCH + 1)), 413),
    ],
)
def test_what_is_no_event_is_refused_with_the_right_status(
    headers: dict[str, str], sent: bytes, status: int
) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_events(headers, sent)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"specversion": "0.3"}, "specversion"),
        ({"id": ""}, "id"),
        ({"id": "a\nb"}, "id"),
        ({"id": None}, "id"),
        ({"subject": 7}, "subject"),
        ({"time": "2027-01-11T09:00:00"}, "time"),
        ({"data": "text"}, "data"),
    ],
)
def test_a_wrong_attribute_is_named(change: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_events({"content-type": STRUCTURED}, body(EVENT | change))
    assert [p.path for p in refused.value.problems] == [path]


def test_an_id_is_never_invented() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_events(
            {"content-type": STRUCTURED},
            body({k: v for k, v in EVENT.items() if k != "id"}),
        )
    assert [str(p) for p in refused.value.problems] == ["id: missing; it is needed"]


def test_every_wrong_event_of_a_batch_is_named() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_events(
            {"content-type": BATCH},
            body([EVENT, EVENT | {"id": ""}, EVENT | {"source": ""}]),
        )
    assert [p.path for p in refused.value.problems] == ["[1].id", "[2].source"]


def test_a_refusal_repeats_no_value() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_events(
            {"content-type": STRUCTURED},
            body(EVENT | {"specversion": "Ana Ruiz", "time": "Ana Ruiz"}),
        )
    assert "Ana" not in str(refused.value.problems)


def test_a_byte_order_mark_is_ignored() -> None:
    """Case e06."""
    events, _ = read_events({"content-type": STRUCTURED}, b"\xef\xbb\xbf" + body(EVENT))
    assert events[0].id == "1"


def test_data_in_base64_are_read() -> None:
    """Case e02."""
    plain = {name: value for name, value in EVENT.items() if name != "data"}
    encoded = b64encode(body({"module": "ecoute"})).decode()
    events, _ = read_events(
        {"content-type": STRUCTURED}, body(plain | {"data_base64": encoded})
    )
    assert events[0].data == {"module": "ecoute"}


@pytest.mark.parametrize(
    "change",
    [
        {"data_base64": "eyJhIjoxfQ==", "data": {}},  # one of the two
        {"data_base64": "no base64"},
        {"data_base64": 7},
        {"data_base64": "AAAA"},
    ],
)
def test_data_in_base64_that_cannot_be_read_are_named(change: dict[str, Any]) -> None:
    plain = {name: value for name, value in EVENT.items() if name != "data"}
    with pytest.raises(RequestRefused) as refused:
        read_events({"content-type": BATCH}, body([plain | change]))
    assert [p.path for p in refused.value.problems] == ["[0].data_base64"]
