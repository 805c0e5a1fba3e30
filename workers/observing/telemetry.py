"""What a process shows of itself, where that is wanted: measurements on a port of a worker, and traces."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import Tracer
from temporalio.client import Interceptor
from temporalio.common import MetricMeter
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from activities import metrics
from activities.metrics import begin_counting, set_gauge
from activities.notifications.activities import DeliveryActivities
from activities.persistence.installation import Presence
from activities.persistence.store import Store
from workers.settings import PREFIX, Settings, SettingsInvalid

LOOK_EVERY_SECONDS = 5.0
DELAY_BUCKETS = (0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 4 * 3600.0)
"""Seconds: of mails, which may be postponed by hours."""


def measuring_runtime(settings: Settings) -> Runtime | None:
    """Open the port; None: none is wanted, and nothing is measured.

    Names are as Prometheus wants them: seconds, `_total` behind what only grows.

    Raises:
        SettingsInvalid: the port cannot be had.
    """
    if settings.metrics_port is None:
        return None
    exporter = PrometheusConfig(
        bind_address=f"{settings.metrics_host}:{settings.metrics_port}",
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
        histogram_bucket_overrides={metrics.MAIL_DELAY.name: DELAY_BUCKETS},
    )
    try:
        return Runtime(telemetry=TelemetryConfig(metrics=exporter))
    except ValueError:  # its text is the kernel's alone
        raise SettingsInvalid(
            [
                f"{PREFIX}METRICS_PORT: {settings.metrics_port} of {settings.metrics_host} cannot be had; "
                "allowed: a free port of this machine"
            ]
        ) from None


@contextmanager
def tracing(settings: Settings, part: str) -> Iterator[Tracer | None]:
    """Give the tracer of this process, and send what is left at its end; None: none is wanted.

    Raises:
        SettingsInvalid: it is wanted, and the packages for it are missing.
    """
    if not settings.tracing:
        yield None
        return
    try:
        from workers.observing.tracing import tracer_provider
    except ImportError:
        raise SettingsInvalid(
            [
                f'{PREFIX}TRACING needs packages that are missing; run: pip install "binome[tracing]"'
            ]
        ) from None
    provider = tracer_provider(part, settings.build_id or "unversioned")
    try:
        yield provider.get_tracer("binome")
    finally:
        provider.shutdown()


def interceptors(tracer: Tracer | None) -> list[Interceptor]:
    """What a client carries traces on with, and the workers that use it."""
    if tracer is None:
        return []
    from workers.observing.workflow_traces import MessageTracing

    return [MessageTracing(tracer)]


async def watch(
    meter: MetricMeter, store: Store, delivery: DeliveryActivities, presence: Presence
) -> None:
    """Measure for ever what nobody counts as it happens."""
    begin_counting(meter)
    while True:
        for state, number in store.connections().items():
            set_gauge(meter, metrics.DATABASE_CONNECTIONS, number, state)
        for state, number in delivery.connections().items():
            set_gauge(meter, metrics.SMTP_CONNECTIONS, number, state)
        set_gauge(meter, metrics.MAILS_IN_HAND, delivery.all_in_hand())
        set_gauge(meter, metrics.LOOP_DELAY, presence.loop_delay_seconds)
        set_gauge(meter, metrics.WRITES, float(presence.writes))
        await asyncio.sleep(LOOK_EVERY_SECONDS)
