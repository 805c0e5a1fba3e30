import pytest
from pydantic import BaseModel
from temporalio.api.common.v1 import Payload

from schemas.unreadable import Unreadable
from workers.converter import TolerantPayloadConverter

converter = TolerantPayloadConverter()


class Counted(BaseModel):
    count: int


def payload(data: bytes, encoding: bytes = b"json/plain") -> Payload:
    return Payload(metadata={"encoding": encoding}, data=data)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"{", b"json/plain"),
        (b'"\\ud800"', b"json/plain"),
        (b"\xff", b"json/plain"),
        (b"1", b"zip/unknown"),
        (b"", b""),
    ],
)
def test_bytes_that_are_no_value_arrive_as_unreadable(
    data: bytes, encoding: bytes
) -> None:
    assert converter.from_payloads([payload(data, encoding)]) == [
        Unreadable(encoding.decode(), len(data))
    ]


def test_what_can_be_read_beside_it_is_read() -> None:
    assert converter.from_payloads([payload(b"{"), payload(b"[1]")]) == [
        Unreadable("json/plain", 1),
        [1],
    ]


def test_a_declared_type_is_made() -> None:
    assert converter.from_payloads([payload(b'{"count": 2}')], [Counted]) == [
        Counted(count=2)
    ]


def test_a_declared_type_that_does_not_fit_raises() -> None:
    with pytest.raises(ValueError, match="count"):
        converter.from_payloads([payload(b"{}")], [Counted])


def test_a_value_goes_there_and_back() -> None:
    assert converter.from_payloads(
        converter.to_payloads([Counted(count=1)]), [Counted]
    ) == [Counted(count=1)]
