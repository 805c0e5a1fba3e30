"""PairWorkflow: waits for events, decides by the lifecycle, and records the outcome."""

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.persistence.activities import PersistenceActivities
    from activities.scheduling.activities import SchedulingActivities
    from domain.pair.advance import advance, begin, serve_due
    from domain.pair.deadlines import next_wake
    from domain.pair.refusals import refusal
    from domain.scheduling.early_search import found_early
    from schemas.effects import DirectivesChanged, RecordBatch
    from schemas.events import Event, PairSignal, Started
    from schemas.handlers import PairHandlers
    from schemas.pair import PairStart, PairState, PairUpdateResult
    from schemas.pair_updates import EndPair, PairUpdate, PausePair, ResumePair
    from schemas.records.reasons import EndReason
    from schemas.stages import Stage
    from workflows import clock, options
    from workflows.carried_state import CarriedState
    from workflows.lazy_timer import LazyTimer
    from workflows.pairs.pair_continue_as_new import (
        PairContinueAsNew,
        require_known_version,
    )
    from workflows.pairs.pair_details import pair_details, record_summary
    from workflows.pairs.pair_restoring import restored, snapshot
    from workflows.pairs.pair_search_attributes import (
        NOT_SHOWN_YET,
        ShownPair,
        upsert_changed,
    )
    from workflows.reading import (
        MessageRefused,
        invalid_input,
        read,
        read_carried,
    )
    from workflows.receiving import register_handlers
    from workflows.refused_messages import RefusedMessages
    from workflows.retrying import retry_forever

INVALID_START = "the start document is invalid; start another workflow like this one"


@workflow.defn(name="PairWorkflow")
@register_handlers(PairHandlers)
class PairWorkflow(PairHandlers, CarriedState[PairState]):
    """One seat of a mentor and, once matched, their mentee."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.refused_messages = RefusedMessages()
        self.invalid: str | None = None
        self.suspended: str | None = None
        self.woken = False
        self.directives_due = False
        self.timer = LazyTimer(self._wake)
        self.shown = NOT_SHOWN_YET
        self.current_state = None
        if workflow.info().continued_run_id:
            self._continue_from(read_carried(PairContinueAsNew, args))
        else:
            self._start(args)

    def _start(self, args: Sequence[Any]) -> None:
        try:
            self._begin(read(PairStart, args, strict=True))
        except MessageRefused as why:
            self.current_state, self.invalid = None, str(why)
        except (ArithmeticError, ValueError):
            self.current_state = None
            self.invalid = "clock or starts_at: times that cannot be counted with"

    def _begin(self, start: PairStart) -> None:
        state = restored(start) if start.restored else begin(start)
        self.current_state = state
        if not start.restored:
            self.shown = ShownPair(state.stage, state.health)
        require_known_version(state)
        self._apply(Started())
        first = self._state.next_deadline or start.starts_at
        clock.wait(start.clock, first)  # raises here, or would hold `run`

    def _continue_from(self, carried: PairContinueAsNew) -> None:
        require_known_version(carried.state)
        self.current_state = carried.state
        self.shown = ShownPair(*carried.shown)
        self.suspended = carried.suspended
        self.directives_due = carried.directives_due
        self.refused_messages = RefusedMessages(carried.refused_messages)

    @workflow.run
    async def run(self, *args: Any) -> str:
        """Run a pair to its end. Returns its outcome."""
        if self.current_state is None:
            raise invalid_input(self.invalid or "no start document")
        while not self._finished():
            try:
                await self._one_round()
            except asyncio.CancelledError:
                self._apply(EndPair(reason=EndReason.CANCELLED))
        self._show()
        return self._state.outcome or "closed"

    async def _one_round(self) -> None:
        self._serve_deadlines()
        if options.should_continue_as_new():
            await self._continue()
        elif self._state.finding and not self.suspended:
            await self._find()
        elif self._record_due():
            await self._record()
        elif self.refused_messages.has_unsaved:
            await self.refused_messages.save()
        else:
            await self._wait()

    def _finished(self) -> bool:
        saved = not self._state.outbox and not self.refused_messages.has_unsaved
        return self._state.stage is Stage.CLOSED and saved

    def _record_due(self) -> bool:
        """Whether there is more to record than pulses, which are in PostgreSQL already."""
        if self.suspended:
            return False
        return (
            self.directives_due
            or self.refused_messages.has_unsaved
            or any(r.event != "pulse_received" or r.notices for r in self._state.outbox)
        )

    async def _record(self) -> None:
        """Record what happened: one transaction, retried for ever."""
        state = self._state
        records, refused = state.outbox, self.refused_messages.to_save()
        self.directives_due = False
        batch = RecordBatch(
            pair=state.pair, records=records, state=snapshot(state), refused=refused
        )
        try:
            directives = await retry_forever(
                self.refused_messages,
                "record",
                lambda: workflow.execute_activity_method(
                    PersistenceActivities.record,
                    batch,
                    summary=record_summary(records, refused),
                    **options.RECORD,
                ),
                final=("DigestMismatch",),
            )
        except ActivityError:
            self.suspended = (
                "what PostgreSQL holds differs from what is to be recorded; "
                "the reconciler restarts it from PostgreSQL"
            )
            return
        done = records[-1].revision if records else 0
        left = tuple(r for r in self._state.outbox if r.revision > done)
        self.current_state = self._state.having(outbox=left)
        self.refused_messages.mark_saved(refused)
        self._obey(paused=directives.paused)

    def _obey(self, *, paused: bool) -> None:
        """Apply the directives in force; a pair that just started may have missed their signal."""
        by_directive = "directive" in self._state.paused_by
        if paused and not by_directive:
            self._apply(PausePair(scope="directive"))
        elif by_directive and not paused:
            self._apply(ResumePair(scope="directive"))

    async def _find(self) -> None:
        """Search for times, before the record, so that the result is part of it."""
        wanted = self._state.finding
        if wanted is None:
            return
        self._apply(
            await retry_forever(
                self.refused_messages,
                "find",
                lambda: workflow.execute_activity_method(
                    SchedulingActivities.find_slots,
                    wanted,
                    summary=f"Find a slot for session {wanted.session}",
                    **options.FIND,
                ),
            )
        )

    async def _wait(self) -> None:
        """Wait for the next event or deadline; the timer is set again for an earlier one."""
        state = self._state
        self._show()
        wake = None if self.suspended else next_wake(state)
        if wake is not None:
            step, at = wake
            self.timer.wake_at(at, clock.wait(state.clock, at), step.replace("_", " "))
        await workflow.wait_condition(lambda: self.woken)
        self.woken = False

    def _wake(self) -> None:
        self.woken = True

    def _show(self) -> None:
        """Show the pair's state in lists and in the Web UI."""
        self.shown = upsert_changed(
            self.shown, ShownPair.of(self._state, suspended=bool(self.suspended))
        )
        workflow.set_current_details(
            pair_details(self._state, self.refused_messages.shown, self.suspended)
        )

    async def _continue(self) -> None:
        """Continue as new. It waits for no activity, so a stream of messages cannot delay it."""
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            PairContinueAsNew(
                state=self._state,
                shown=self.shown,
                suspended=self.suspended,
                directives_due=self.directives_due,
                refused_messages=self.refused_messages.to_state(),
            )
        )

    def _serve_deadlines(self) -> None:
        if not self.suspended:
            self.current_state = self._after_deadlines()

    def _after_deadlines(self) -> PairState:
        """Return the state after every deadline that has come, without setting it."""
        state = self._state
        return serve_due(
            state,
            clock.now(state.clock),
            served_at=lambda due: clock.served_at(state.clock, due),
        )

    def _apply(self, event: Event) -> str | None:
        """Decide an event by the lifecycle, at its time of arrival.

        Returns why the event changed nothing, if so.
        """
        self._serve_deadlines()
        state = self._state
        done = advance(state, event, clock.now(state.clock))
        self.current_state, self.woken = done.state, True
        return done.ignored

    def receive_signal(self, signal: PairSignal | DirectivesChanged) -> None:
        if self.current_state is None:
            raise MessageRefused(INVALID_START)
        if isinstance(signal, DirectivesChanged):
            self.directives_due = True
        elif why := self._apply(signal):
            workflow.logger.debug(
                "signal changes nothing", extra={"event_kind": signal.kind, "why": why}
            )
        elif not self.suspended and (found := found_early(self._state, signal)):
            self._apply(found)

    def refusal(self, update: PairUpdate) -> str | None:
        if self.current_state is None:
            return INVALID_START
        if self.suspended and isinstance(update, ResumePair):
            return None
        if isinstance(update, PausePair | ResumePair) and update.scope != "pair":
            return (
                f"{update.kind}.scope: that of a programme, region, cohort or person "
                "is decided there; allowed: pair"
            )
        current = self._after_deadlines()
        now = max(clock.now(current.clock), current.now)
        return refusal(current.having(now=now), update)

    def apply_update(self, update: PairUpdate) -> PairUpdateResult:
        if self.suspended and isinstance(update, ResumePair):
            self.suspended = None
        else:
            self._apply(update)
        state = self._state
        return PairUpdateResult(
            revision=state.revision, stage=state.stage, health=state.health
        )

    @workflow.query(
        name="state",
        description="The pair's whole state: ids, codes, numbers and times.",
    )
    def state(self, *args: Any) -> PairState | None:
        return self.current_state
