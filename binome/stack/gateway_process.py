"""The gateway as a process: its database, its Temporal client and its HTTP server, from start to a clean stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from temporalio.client import Client

from activities.persistence.store import Store
from gateway.app import create_app
from gateway.options import GatewayOptions
from workers.client import connect
from workers.secrets import LINKS, SOURCES, derived_keys
from workers.settings import Settings
from workers.waiting import wait_for

KEEP_ALIVE_SECONDS = 75
"""Seconds that an idle connection stays open: longer than proxies and HTTP clients keep theirs (60 s at most, by
default), or a request meets one that the gateway closes in the same moment."""


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way get two seconds to end."""
    store = await wait_for(lambda: Store.open(settings.database_url), "PostgreSQL")
    try:
        client = await wait_for(connect, "Temporal")
        await _server(settings, store, client).serve()
    finally:
        await store.close()


def gateway_options(settings: Settings, namespace: str) -> GatewayOptions:
    return GatewayOptions(
        public_url=settings.public_url,
        ui_url=settings.ui_url,
        link_keys=derived_keys(settings, LINKS),
        source_keys=derived_keys(settings, SOURCES),
        namespace=namespace,
        mails_dir=settings.mails_dir,
        examples_dir=settings.examples_dir,
        console_token=settings.console_token.get_secret_value()
        if settings.console_token
        else None,
    )


class _Server(uvicorn.Server):
    """Stops on a signal as uvicorn does, but does not raise the signal again: the pool is to be closed after it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def _server(settings: Settings, store: Store, client: Client) -> _Server:
    app = create_app(store, client, gateway_options(settings, client.namespace))
    # No access log: addresses of pages are signed links.
    return _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )
