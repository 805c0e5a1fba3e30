"""docs/metrics.md: every metric of ours, as the code declares it."""

from prometheus_client.metrics import MetricWrapperBase

from activities.metrics import INSTRUMENTS, Instrument
from gateway.observing.metrics import GatewayMetrics

HEAD = """# Metrics

For platform engineers. This page is generated from the code (`python -m tools.docs`). What to do when one of them is
wrong: [runbooks.md](runbooks.md). How Prometheus reads them: [platform.md](platform.md#metrics-and-traces).

No metric has a programme, a person, a workflow id or an address as a label, and none counts pulses, calls for help or
marks as they come: those are published in [releases](decisions/released-figures.md), five people at a time. What
PostgreSQL or Temporal knows is the same at every gateway: take `max`, not `sum`.

## Of a gateway

`GET /metrics` on the console's listener, with the token of an account that is a `viewer` of everything. Beside these:
`process_*`, of its processor, memory and open files.

| metric | labels | what it is |
|---|---|---|
"""
OF_WORKER = """
## Of a worker

`GET /metrics` on `BINOME_METRICS_PORT`. Beside these the SDK's own,
[`temporal_*`](https://docs.temporal.io/references/sdk-metrics), with `_total` behind counters and times in `_seconds`:
latencies of requests, tasks and activities by type, slots, pollers, the cache of workflows. How long matching takes is
`temporal_activity_execution_latency_seconds{activity_type="match_cohort"}`.

| metric | labels | what it is |
|---|---|---|
"""


def page() -> str:
    """Returns the whole page."""
    return HEAD + _table(of_gateway()) + OF_WORKER + _table(of_worker())


Row = tuple[str, str, str]


def of_gateway() -> list[Row]:
    """Names as they are exported, without the `_bucket`, `_sum` and `_count` of histograms."""
    declared = (
        value
        for value in vars(GatewayMetrics()).values()
        if isinstance(value, MetricWrapperBase)
    )
    return sorted(_row(metric) for metric in declared)


def _row(metric: MetricWrapperBase) -> Row:
    [family] = metric.describe()
    name = family.name + ("_total" if family.type == "counter" else "")
    labels = ", ".join(f"`{label}`" for label in metric._labelnames)
    return name, labels, family.documentation


def of_worker() -> list[Row]:
    return [_worker_row(instrument) for instrument in INSTRUMENTS]


def _worker_row(instrument: Instrument) -> Row:
    values = ", ".join(instrument.values)
    label = f"`{instrument.label}`" if instrument.label else ""
    return (
        instrument.exported,
        label + (f": {values}" if values else ""),
        instrument.help,
    )


def _table(rows: list[Row]) -> str:
    return "".join(f"| `{name}` | {labels} | {what} |\n" for name, labels, what in rows)
