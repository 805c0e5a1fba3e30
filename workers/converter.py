"""How payloads become values: as the SDK's pydantic converter, but nothing that arrives is lost.

The plain converter raises on bytes that are not JSON, and the SDK then drops the signal or holds the workflow. Here
such a payload arrives as `Unreadable`, and its handler can refuse it and say so.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Self

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
    SerializationContext,
)

from schemas.unreadable import Unreadable
from workers.payload_codec import EncryptingCodec

_CONVERTERS = tuple(PydanticPayloadConverter().converters.values())
"""One for each encoding, for all instances: the SDK makes two for each workflow task, and
one for each cached workflow, each with type adapters of its own."""


class TolerantPayloadConverter(PydanticPayloadConverter):
    """Makes `Unreadable` of a payload without a declared type that cannot be decoded.

    One with a declared type still raises, and its caller gets the error.
    """

    def __init__(self) -> None:
        CompositePayloadConverter.__init__(self, *_CONVERTERS)

    def with_context(self, context: SerializationContext) -> Self:
        """Returns itself: whose a payload is makes no difference."""
        return self

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        hints = (type_hints or [])[: len(payloads)]
        return [
            self._value(payload, hint) for payload, hint in zip_longest(payloads, hints)
        ]

    def _value(self, payload: Payload, hint: type | None) -> Any:
        if hint is not None and hint is not Any:
            return super().from_payloads([payload], [hint])[0]
        try:
            return super().from_payloads([payload])[0]
        except (
            Exception
        ):  # whatever a codec or parser may raise, the message must reach its handler
            encoding = payload.metadata.get("encoding", b"none")[:40].decode(
                "ascii", "replace"
            )
            return Unreadable(encoding, len(payload.data))


data_converter = DataConverter(payload_converter_class=TolerantPayloadConverter)


def converter_with(codec: EncryptingCodec) -> DataConverter:
    """The converter of our clients: where the codec encrypts, also messages and stack traces of failures."""
    return DataConverter(
        payload_converter_class=TolerantPayloadConverter,
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes
        if codec.ring.first
        else DefaultFailureConverter,
    )
