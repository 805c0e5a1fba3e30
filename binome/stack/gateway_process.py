"""The gateway as a process: its database, its Temporal client and its HTTP server, from start to a clean stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from temporalio.client import Client

from activities.persistence.store import Store
from gateway.app import create_app
from gateway.options import GatewayOptions, OpenidOptions
from workers.client import connect
from workers.settings import Settings, networks
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
        secret=settings.secret.get_secret_value(),
        namespace=namespace,
        mails_dir=settings.mails_dir,
        examples_dir=settings.examples_dir,
        local_password=settings.local_password,
        openid=_openid(settings),
        trusted_header=settings.trusted_header,
        trusted_proxies=networks(settings.trusted_proxies),
        sign_out_url=settings.sign_out_url,
    )


def _openid(settings: Settings) -> OpenidOptions | None:
    issuer, client_id = settings.oidc_issuer, settings.oidc_client_id
    if not (issuer and client_id and settings.oidc_client_secret):
        return None
    return OpenidOptions(
        issuer=issuer,
        client_id=client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        login_claim=settings.oidc_login_claim,
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
            proxy_headers=False,  # who asks is judged by the other end of the connection
            timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )
