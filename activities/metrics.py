"""What workers count and measure, beside what Temporal's SDK does: each name and its meaning in this one place.

They go through the SDK's meter, so one port shows both, and nothing is measured where
that port is off. Labels are codes of a closed set: never an id, a programme or a person.
"""

from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from temporalio.common import MetricMeter


class InstrumentKind(Enum):
    """What the meter makes of it."""

    COUNTER = "counter"
    GAUGE = "gauge"
    SECONDS = "histogram"


class Instrument(NamedTuple):
    """A metric as the meter makes it; its exported name has `_total` or `_seconds` behind it."""

    name: str
    kind: InstrumentKind
    help: str
    label: str | None = None
    values: tuple[str, ...] = ("",)
    """All that the label may be."""

    @property
    def exported(self) -> str:
        suffix = {
            InstrumentKind.COUNTER: "_total",
            InstrumentKind.GAUGE: "",
            InstrumentKind.SECONDS: "_seconds",
        }
        return self.name + suffix[self.kind]


MAILS = Instrument(
    "binome_mails",
    InstrumentKind.COUNTER,
    "Mails by what became of them; one that was sent twice counts as repeated too.",
    "result",
    ("sent", "repeated", "failed", "unconfirmed", "postponed"),
)
MAIL_DELAY = Instrument(
    "binome_mail_delay",
    InstrumentKind.SECONDS,
    "From when a notice was due, as queued or last postponed, until its mail was sent.",
)
MAILS_IN_HAND = Instrument(
    "binome_mails_in_hand", InstrumentKind.GAUGE, "Notices in mails under way."
)
SESSIONS = Instrument(
    "binome_sessions",
    InstrumentKind.COUNTER,
    "Sessions that came to an end, of all programmes together.",
    "status",
    ("held", "missed", "unknown", "withdrawn"),
)
RECONCILED = Instrument(
    "binome_reconciled_runs",
    InstrumentKind.COUNTER,
    "Runs that were not as the record has them.",
    "result",
    ("repaired", "left", "failed"),
)
COUNTS_CORRECTED = Instrument(
    "binome_counts_corrected",
    InstrumentKind.COUNTER,
    "Numbers of the console that differed from a recount.",
)
DATABASE_CONNECTIONS = Instrument(
    "binome_worker_database_connections",
    InstrumentKind.GAUGE,
    "Connections to PostgreSQL of this worker: in use, and idle.",
    "state",
    ("in_use", "idle"),
)
SMTP_CONNECTIONS = Instrument(
    "binome_smtp_connections",
    InstrumentKind.GAUGE,
    "Connections to the mail server: in use, and idle.",
    "state",
    ("in_use", "idle"),
)
LOOP_DELAY = Instrument(
    "binome_worker_loop_delay_seconds",
    InstrumentKind.GAUGE,
    "How much later than it should the event loop woke up last.",
)
WRITES = Instrument(
    "binome_worker_writes",
    InstrumentKind.GAUGE,
    "1 where PostgreSQL took what this worker wrote within a minute, else 0.",
)
INSTRUMENTS = (
    MAILS,
    MAIL_DELAY,
    MAILS_IN_HAND,
    SESSIONS,
    RECONCILED,
    COUNTS_CORRECTED,
    DATABASE_CONNECTIONS,
    SMTP_CONNECTIONS,
    LOOP_DELAY,
    WRITES,
)
"""All of them, for the documentation and for the checks of alerts and dashboard."""


def begin_counting(meter: MetricMeter) -> None:
    """Show each counter from the start, with 0: what is not there cannot grow."""
    for instrument in INSTRUMENTS:
        if instrument.kind is InstrumentKind.COUNTER:
            for value in instrument.values:
                counter = meter.create_counter(instrument.name, instrument.help)
                counter.add(0, _labels(instrument, value))


def count(
    meter: MetricMeter, instrument: Instrument, number: int, label: str = ""
) -> None:
    if number:
        counter = meter.create_counter(instrument.name, instrument.help)
        counter.add(number, _labels(instrument, label))


def set_gauge(
    meter: MetricMeter, instrument: Instrument, value: float, label: str = ""
) -> None:
    gauge = meter.create_gauge_float(instrument.name, instrument.help)
    gauge.set(value, _labels(instrument, label))


def measure(meter: MetricMeter, instrument: Instrument, taken: timedelta) -> None:
    """A negative time, as when a clock was set, counts as none."""
    histogram = meter.create_histogram_timedelta(
        instrument.name, instrument.help, "duration"
    )
    histogram.record(max(taken, timedelta(0)))


def _labels(instrument: Instrument, label: str) -> dict[str, str | int | float | bool]:
    return {instrument.label: label} if instrument.label else {}
