"""The connection to Temporal, set up by Temporal's own names: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE` and so on."""

from typing import Any

from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from workers.converter import data_converter

DEFAULT_ADDRESS = "localhost:7233"


async def connect(**overrides: Any) -> Client:
    """Connect by environment and profile file; `overrides` go before both.

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
        "data_converter": data_converter,
        **found,
        **overrides,
    }
    return await Client.connect(options.pop("target_host"), **options)
