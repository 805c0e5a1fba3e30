"""What the pure lifecycle makes of a pair, given only what its histories say arrived, and when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from domain.pair.advance import advance, begin, serve_due
from schemas.effects import Directives, DirectivesChanged, RecordBatch
from schemas.events import SIGNALS, UPDATES, Event, SlotsFound, Started
from schemas.pair import PairStart, PairState
from schemas.pair_updates import PausePair, ResumePair
from workers.converter import data_converter
from workflows import options
from workflows.clock import ALLOWED_LATENESS
from workflows.reading import MessageRefused, read, safe_name

SIGNAL_MODELS: dict[str, Any] = {kind.kind: kind for kind in SIGNALS} | {
    "directives_changed": DirectivesChanged
}
UPDATE_MODELS = {kind.kind: kind for kind in UPDATES}
T = EventType
ARRIVALS = (
    T.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    T.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    T.EVENT_TYPE_TIMER_FIRED,
)
ENDS = (
    T.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
    T.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
)


def values(payloads: Payloads) -> list[Any]:
    """The values as a handler that takes anything receives them."""
    found: list[Any] = data_converter.payload_converter.from_payloads(
        list(payloads.payloads)
    )
    return found


@dataclass
class Task:
    """A workflow task that was completed: what it began with, and what it decided."""

    at: datetime
    length: int
    """Events of the history when it began."""
    arrived: list[HistoryEvent]
    decided: list[HistoryEvent] = field(default_factory=list)

    @property
    def last(self) -> bool:
        return any(event.event_type in ENDS for event in self.decided)


def tasks(run: Iterable[HistoryEvent]) -> Iterator[Task]:
    """The completed workflow tasks of a run.

    What a task that failed or timed out began with belongs to the next one.
    """
    arrived: list[HistoryEvent] = []
    begun, task = (0, 0), None
    for event in run:
        if event.event_type in ARRIVALS:
            arrived.append(event)
        elif event.event_type == T.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            begun = (event.event_id, event.event_time.ToNanoseconds())
        elif event.event_type == T.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            if task:
                yield task
            task = Task(datetime.fromtimestamp(begun[1] / 1e9, UTC), begun[0], arrived)
            arrived = []
        elif task:
            task.decided.append(event)
    if task:
        yield task


class ExpectedLife:
    """Plays the runs of one pair, the oldest first."""

    def __init__(self, runs: Sequence[Sequence[HistoryEvent]]) -> None:
        self.refused: list[tuple[datetime, str, str]] = []
        """When, the name as it may be shown, and how the reason begins."""
        self.asked: dict[int, HistoryEvent] = {}
        """Activities under way, by the event that asked for them."""
        self.late: list[Task] = []
        """Tasks that found a long run at rest and did not end it."""
        self.signals = 0
        self.updates = 0
        start = values(runs[0][0].workflow_execution_started_event_attributes.input)
        self.state: PairState = begin(read(PairStart, start, strict=True))
        self.at = datetime.min.replace(tzinfo=UTC)
        for run in runs:
            for number, task in enumerate(tasks(run)):
                self._play(task, first=run is runs[0] and number == 0)

    def _play(self, task: Task, *, first: bool) -> None:
        """Apply messages before results, in the order in which the SDK delivers them."""
        self.at = task.at
        if first:
            self._apply(Started())
        for event in task.arrived:
            if event.event_type == T.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
                self._signalled(event)
        for event in task.decided:
            if event.event_type == T.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                self._decided(event)
        for event in task.arrived:
            if event.event_type == T.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                self._answered(event)
        self._rest(task)

    def _rest(self, task: Task) -> None:
        """A pair that waits for no activity looks at its deadlines whenever it is woken."""
        if not self.asked:
            self._serve()
            if task.length > options.EVENTS_PER_RUN and not task.last:
                self.late.append(task)
        asked = (
            e
            for e in task.decided
            if e.event_type == T.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        )
        self.asked |= {event.event_id: event for event in asked}

    def _signalled(self, event: HistoryEvent) -> None:
        signal = event.workflow_execution_signaled_event_attributes
        self.signals += 1
        if signal.signal_name not in SIGNAL_MODELS:
            return self._refuse(signal.signal_name, "unknown signal")
        try:
            signal_read = read(SIGNAL_MODELS[signal.signal_name], values(signal.input))
        except MessageRefused as why:
            return self._refuse(signal.signal_name, str(why))
        return (
            None
            if isinstance(signal_read, DirectivesChanged)
            else self._apply(signal_read)
        )

    def _refuse(self, name: str, reason: str) -> None:
        self.refused.append((self.at, safe_name(name), reason))

    def _decided(self, event: HistoryEvent) -> None:
        asked = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
        self.updates += 1
        self._apply(read(UPDATE_MODELS[asked.name], values(asked.args), strict=True))

    def _answered(self, event: HistoryEvent) -> None:
        done = event.activity_task_completed_event_attributes
        asked = self.asked.pop(
            done.scheduled_event_id
        ).activity_task_scheduled_event_attributes
        [answer] = values(done.result) or [None]
        match asked.activity_type.name:
            case "find_slots":
                self._apply(SlotsFound.model_validate(answer))
            case "record":
                batch = RecordBatch.model_validate(values(asked.input)[0])
                self._recorded(batch, Directives.model_validate(answer))

    def _recorded(self, batch: RecordBatch, directives: Directives) -> None:
        done = max((record.revision for record in batch.records), default=0)
        self.state = self.state.having(
            outbox=tuple(r for r in self.state.outbox if r.revision > done)
        )
        paused = "directive" in self.state.paused_by
        if directives.paused and not paused:
            self._apply(PausePair(scope="directive"))
        elif paused and not directives.paused:
            self._apply(ResumePair(scope="directive"))

    def _apply(self, event: Event) -> None:
        self._serve()
        self.state = advance(
            self.state, event, self.state.clock.programme(self.at)
        ).state

    def _serve(self) -> None:
        self.state = serve_due(
            self.state, self.state.clock.programme(self.at), served_at=self._served_at
        )

    def _served_at(self, due: datetime) -> datetime:
        clock = self.state.clock
        return (
            due
            if self.at - clock.wall(due) <= ALLOWED_LATENESS
            else clock.programme(self.at)
        )
