"""Clients with payload keys, and what Temporal keeps of what they send."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Header, Payload, SearchAttributes
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from workers.converter import converter_with
from workers.payload_codec import EncryptingCodec, KeyRegistry
from workers.payload_keys import PayloadKey, PayloadKeyRing
from workers.settings import load_settings

FIRST, SECOND, THIRD = "first-" + "k" * 32, "second-" + "k" * 32, "third-" + "k" * 32
FIRST_ID, SECOND_ID, THIRD_ID = (
    PayloadKey.derived_from(key).id for key in (FIRST, SECOND, THIRD)
)


def ring(*keys: str) -> PayloadKeyRing:
    """The keys as the setting has them; `plain` may stand in the first place."""
    settings = load_settings(
        database_url="postgresql://u@h/d",
        secret="s" * 32,
        payload_keys=" ".join(keys),
    )
    return PayloadKeyRing.of(settings)


class Registered:
    """A registry that knows these ids."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids

    async def is_registered(self, key_id: str) -> bool:
        return key_id in self.ids


EVERY_KEY = Registered(FIRST_ID, SECOND_ID, THIRD_ID)


def client_with(
    client: Client, *keys: str, registry: KeyRegistry | None = EVERY_KEY
) -> Client:
    """The same connection with payload keys."""
    config = client.config()
    codec = EncryptingCodec(ring(*keys), registry)
    config["data_converter"] = converter_with(codec)
    return Client(**config)


def payloads_in(event: HistoryEvent) -> Iterator[Payload]:
    """Every payload of an event, but for headers, and search attributes, which Temporal has to read."""
    yield from _payloads(event)


def _payloads(message: Message) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
    elif not isinstance(message, Header | SearchAttributes):
        for _, value in message.ListFields():
            for each in _messages(value):
                yield from _payloads(each)


def _messages(value: Any) -> Iterator[Message]:
    if isinstance(value, Message):
        yield value
    elif hasattr(value, "values"):
        yield from (each for each in value.values() if isinstance(each, Message))
    elif not isinstance(value, str | bytes | int | float):
        yield from (each for each in value if isinstance(each, Message))
