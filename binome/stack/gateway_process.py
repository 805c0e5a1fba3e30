"""The gateway as a process: its database, its Temporal client and its HTTP server, from start to a clean stop."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from opentelemetry.trace import Tracer

from activities.persistence.store import Store
from binome.errors import CommandRefused
from gateway.app import build_app
from gateway.edge.connections import LARGEST_HEAD_BYTES, bounded_connections
from gateway.options import GatewayOptions, OpenidOptions
from gateway.temporal import WorkflowClient
from workers.client import connect, register_keys
from workers.installation import refuse_other_installation
from workers.observing.telemetry import interceptors, tracing
from workers.payload_keys import PayloadKeyRing
from workers.secrets import (
    DATA_KEYS,
    ERASURES,
    LINKS,
    PULSES,
    SOURCES,
    derived_keys,
)
from workers.settings import Settings
from workers.sign_in_settings import networks
from workers.waiting import wait_for

KEEP_ALIVE_SECONDS = 75
"""Seconds that an idle connection stays open: longer than proxies and HTTP clients keep theirs (60 s at most, by
default), or a request meets one that the gateway closes in the same moment."""


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way get two seconds to end."""
    with tracing(settings, "gateway") as tracer:
        await _serve(settings, tracer)


async def _serve(settings: Settings, tracer: Tracer | None) -> None:
    open_store = partial(
        Store.open,
        settings.database_address(),
        wrapping_keys=derived_keys(settings, DATA_KEYS),
    )
    async with await wait_for(open_store, "PostgreSQL") as store:
        keys = PayloadKeyRing.of(settings)
        observed = partial(connect, keys, interceptors=interceptors(tracer))
        client = await wait_for(observed, "Temporal")
        client = await register_keys(client, "gateway", store.payload_keys)
        await refuse_other_installation(client, await store.installation.id())
        options = gateway_options(settings, client.namespace)
        # No access log: addresses of pages are signed links.
        config = uvicorn.Config(
            build_app(store, WorkflowClient(client), options, tracer),
            http=bounded_connections(),
            h11_max_incomplete_event_size=LARGEST_HEAD_BYTES,
            ws="none",
            proxy_headers=False,  # whom it believes is the gateway's own setting
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        await _Server(config).serve(open_listeners(settings))


def gateway_options(settings: Settings, namespace: str) -> GatewayOptions:
    return GatewayOptions(
        public_url=settings.public_url,
        ui_url=settings.ui_url,
        link_keys=derived_keys(settings, LINKS),
        pulse_key=derived_keys(settings, PULSES)[0],
        erasure_key=derived_keys(settings, ERASURES)[0],
        source_keys=derived_keys(settings, SOURCES),
        namespace=namespace,
        console_url=settings.console_address(),
        console_port=settings.console_port,
        hosts=tuple(settings.hosts.split()),
        proxies=tuple(settings.proxies.split()),
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


def open_listeners(settings: Settings) -> list[socket.socket]:
    """Open the sockets of participants and services, and of the console where it has one of its own.

    Raises:
        CommandRefused: a port cannot be had.
    """
    asked = [(settings.host, settings.port)]
    if settings.console_port is not None:
        asked.append((settings.console_host, settings.console_port))
    return [_listener(host, port) for host, port in asked]


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise CommandRefused(
            f"port {port} of {host} cannot be had ({error.strerror}); choose another"
        ) from None
