"""The gateway as a process: its database, its Temporal client and its HTTP server, from start to a clean stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from activities.persistence.store import Store
from gateway.app import build_app
from gateway.options import GatewayOptions
from gateway.temporal import WorkflowClient
from workers.client import connect
from workers.settings import Settings
from workers.waiting import wait_for

KEEP_ALIVE_SECONDS = 75
"""Seconds that an idle connection stays open: longer than proxies and HTTP clients keep theirs (60 s at most, by
default), or a request meets one that the gateway closes in the same moment."""


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way get two seconds to end."""
    open_store = partial(Store.open, settings.database_url)
    async with await wait_for(open_store, "PostgreSQL") as store:
        client = await wait_for(connect, "Temporal")
        options = gateway_options(settings, client.namespace)
        # No access log: addresses of pages are signed links.
        config = uvicorn.Config(
            build_app(store, WorkflowClient(client), options),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        await _Server(config).serve()


def gateway_options(settings: Settings, namespace: str) -> GatewayOptions:
    return GatewayOptions(
        public_url=settings.public_url,
        ui_url=settings.ui_url,
        secret=settings.secret.get_secret_value(),
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
