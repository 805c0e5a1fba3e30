"""The connection to Temporal, set up by Temporal's own names: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE` and so on."""

from typing import Any

from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from activities.persistence.payload_keys import Part, PayloadKeys
from workers.converter import converter_with
from workers.payload_codec import EncryptingCodec
from workers.payload_keys import PayloadKeyRing

DEFAULT_ADDRESS = "localhost:7233"


async def connect(keys: PayloadKeyRing, **overrides: Any) -> Client:
    """Connect by environment and profile file; `overrides` go before both.

    Payloads are encrypted and decrypted with `keys`.

    Raises:
        RuntimeError: no server answers there.
    """
    found = {
        key: value
        for key, value in ClientConfig.load_client_connect_config().items()
        if value is not None
    }
    options: dict[str, Any] = {
        "target_host": DEFAULT_ADDRESS,
        "data_converter": converter_with(EncryptingCodec(keys)),
        **found,
        **overrides,
    }
    return await Client.connect(options.pop("target_host"), **options)


async def register_keys(client: Client, part: Part, registry: PayloadKeys) -> Client:
    """Register the client's keys as those of a part that starts, before it uses any.

    Returns the client that asks the registry, where it meets a key that it does not have,
    whether that is one of ours.
    """
    codec = client.data_converter.payload_codec
    if not isinstance(codec, EncryptingCodec):
        return client
    ring = codec.ring
    await registry.announce(part, ring.first.id if ring.first else None, [*ring.keys])
    config = client.config()
    config["data_converter"] = converter_with(EncryptingCodec(ring, registry))
    return Client(**config)
