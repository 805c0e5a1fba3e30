"""The gateway's metrics, each with its name and its help in this one place.

Some are counted here as things happen; others are read from PostgreSQL when somebody
asks, and so are the same at every gateway: take their `max`, not their `sum`.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody reads

REQUEST_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
DELIVERY_BUCKETS = (0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 86400.0)


class GatewayMetrics:
    """All of one gateway."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._count()
        self._read_postgresql()
        self._read_temporal()
        self._measure()

    def _count(self) -> None:
        registry = self.registry
        self.requests = Histogram(
            "binome_http_request_seconds",
            "HTTP requests by route, and how long each took until its last byte.",
            ["method", "route", "status"],
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self.events_received = Counter(
            "binome_events_received",
            "CloudEvents by type, those about sessions together: stored, or repeated and left alone.",
            ["type", "result"],
            registry=registry,
        )
        self.event_delivery = Histogram(
            "binome_event_delivery_seconds",
            "From the receipt of an event until its pairs have it, or from when it is due.",
            buckets=DELIVERY_BUCKETS,
            registry=registry,
        )
        self.decisions = Counter(
            "binome_decisions",
            "Decisions on the console by what was asked for, and what came of it.",
            ["what", "result"],
            registry=registry,
        )

    def _read_postgresql(self) -> None:
        registry = self.registry
        self.events = Gauge(
            "binome_events",
            "Events in the inbox by state.",
            ["state"],
            registry=registry,
        )
        self.notices = Gauge(
            "binome_notices",
            "Notices in the outbox by state.",
            ["state"],
            registry=registry,
        )
        self.drift = Gauge(
            "binome_drift",
            "Runs that are not as the record has them, by kind.",
            ["kind"],
            registry=registry,
        )
        self.refused_messages = Gauge(
            "binome_refused_messages",
            "Messages that a workflow could not read.",
            registry=registry,
        )
        self.overdue = Gauge(
            "binome_overdue_seconds",
            "How long the oldest of mails and events has been due, in nobody's hands.",
            ["what"],
            registry=registry,
        )
        self.reconciler_looks = Gauge(
            "binome_reconciler_looks",
            "Number of the reconciler's last look; it grows every few minutes.",
            registry=registry,
        )

    def _read_temporal(self) -> None:
        registry = self.registry
        labels = ["queue", "kind", "version"]
        self.queue_tasks = Gauge(
            "binome_queue_tasks",
            "About how many tasks wait in a queue, as a whole and by version.",
            labels,
            registry=registry,
        )
        self.queue_age = Gauge(
            "binome_queue_age_seconds",
            "Age of the oldest of them.",
            labels,
            registry=registry,
        )

    def _measure(self) -> None:
        registry = self.registry
        self.processes = Gauge(
            "binome_processes",
            "Processes that go on, by part and release.",
            ["part", "release"],
            registry=registry,
        )
        self.writes = Gauge(
            "binome_writes",
            "1 where PostgreSQL took what this gateway wrote within a minute, else 0.",
            registry=registry,
        )
        self.loop_delay = Gauge(
            "binome_loop_delay_seconds",
            "How much later than it should the event loop woke up last.",
            registry=registry,
        )
        self.connections = Gauge(
            "binome_database_connections",
            "Connections to PostgreSQL of this gateway: in use, and idle.",
            ["state"],
            registry=registry,
        )
