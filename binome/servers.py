"""Which PostgreSQL and which Temporal a command talks to: those of a running stack, or those of the settings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temporalio.client import Client

from binome.errors import ServerNotReached
from binome.stack.data_folder import DataFolder, running_stack
from workers.client import connect
from workers.payload_keys import PayloadKeyRing
from workers.secrets import DATA_KEYS, derived_keys
from workers.settings import Settings, SettingsInvalid, load_settings

if TYPE_CHECKING:
    from activities.persistence.store import Store


@dataclass(frozen=True)
class ServerAddresses:
    """The PostgreSQL and the Temporal that one command uses."""

    settings: Settings
    temporal: dict[str, Any]
    """Connection options that override what the environment says about Temporal."""
    stack: bool
    """Whether they are those of a running one-machine stack."""

    @asynccontextmanager
    async def store(self) -> AsyncIterator["Store"]:
        """Open the database for as long as the block lasts.

        Raises:
            ServerNotReached: PostgreSQL does not answer.
        """
        from activities.persistence.database import DatabaseUnavailable
        from activities.persistence.store import Store

        try:
            store = await Store.open(
                self.settings.database_address(),
                size=2,
                wrapping_keys=derived_keys(self.settings, DATA_KEYS),
            )
        except DatabaseUnavailable as error:
            raise ServerNotReached(f"{error}; `binome doctor` says more") from None
        async with store:
            yield store

    async def client(self) -> Client:
        """Connect to Temporal.

        Raises:
            ServerNotReached: it does not answer.
        """
        try:
            async with asyncio.timeout(10):
                return await connect(PayloadKeyRing.of(self.settings), **self.temporal)
        except (RuntimeError, TimeoutError):
            raise ServerNotReached(
                "Temporal does not answer; `binome doctor` says more"
            ) from None


def find_servers(data: Path) -> ServerAddresses:
    """Look for a running stack first.

    Raises:
        SettingsInvalid: no stack runs in the folder, and the settings do not say where else to go.
    """
    stack = running_stack(data)
    if stack is None:
        return ServerAddresses(_settings(data), {}, stack=False)
    secret = (data / "secret").read_text().strip()
    smtp_host, smtp_port = stack["smtp"].rsplit(":", 1)
    settings = load_settings(
        database_url=stack["database_url"],
        secret=secret,
        payload_keys=DataFolder(data).payload_keys(),
        public_url=stack["gateway"],
        console_port=None,
        console_url=None,
        ui_url=stack["ui"],
        smtp_host=smtp_host,
        smtp_port=smtp_port,
        smtp_username=None,
        smtp_password=None,
        smtp_starttls=False,
    )
    return ServerAddresses(
        settings,
        {"target_host": stack["temporal"], "namespace": stack["namespace"]},
        stack=True,
    )


def _settings(data: Path) -> Settings:
    try:
        return load_settings()
    except SettingsInvalid as error:
        hint = f"no stack runs in {data}; start one (binome up), name its folder (--data), or correct the settings:"
        raise SettingsInvalid(error.problems, hint) from None
