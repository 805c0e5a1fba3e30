"""PairWorkflow: waits, lets the lifecycle decide, carries out, loops."""

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.persistence.activities import PersistenceActivities
    from activities.scheduling.activities import SchedulingActivities
    from domain.pair.advance import advance, begin, serve_due
    from domain.pair.refusals import refusal
    from schemas.effects import DirectivesChanged, Record, RecordBatch, RefusedMessage
    from schemas.events import SIGNALS, UPDATES, Event, Started, name_of
    from schemas.pair import PairStart, PairState
    from schemas.pair_updates import Ended, Paused, Resumed
    from schemas.stages import Stage
    from workflows import clock, options
    from workflows.lazy_timer import LazyTimer
    from workflows.pair_continue_as_new import (
        PairContinueAsNew,
        known_here,
        restored,
        snapshot,
    )
    from workflows.pair_details import details
    from workflows.reading import MessageRefused, carried, invalid_input, read
    from workflows.receiving import RefusedMessages, register_signals, register_updates
    from workflows.retrying import retry_forever

SUSPENDED = "suspended"
"""In place of the health, so that lists and the reconciler find a pair that waits for somebody to mend it."""


@workflow.defn(name="PairWorkflow")
@register_signals(
    {name_of(kind): kind for kind in SIGNALS}
    | {"directives_changed": DirectivesChanged}
)
@register_updates({name_of(kind): kind for kind in UPDATES})
class PairWorkflow:
    """One seat of a mentor and, once matched, their mentee."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.inbox = RefusedMessages()
        self.invalid: str | None = None
        self.suspended: str | None = None
        self.woken = False
        self.must_look = False
        self.alarm = LazyTimer(self._wake)
        self.shown: tuple[str, str, int] = ("", "", -1)
        self.state: PairState | None = None
        if workflow.info().continued_run_id:
            self._take_over(args)
        else:
            self._open(args)

    def _open(self, args: Sequence[Any]) -> None:
        try:
            self._begin(read(PairStart, args, strict=True))
        except MessageRefused as why:
            self.state, self.invalid = None, str(why)
        except (ArithmeticError, ValueError):
            self.state, self.invalid = (
                None,
                "clock or starts_at: times that cannot be counted with",
            )

    def _begin(self, start: PairStart) -> None:
        state = self.state = restored(start) if start.restored else begin(start)
        if not start.restored:
            self.shown = (state.stage, state.health, 0)
        known_here(state)
        self._apply(Started())
        clock.wait(
            start.clock, self._now().next_deadline or start.starts_at
        )  # raises here, or would hold `run`

    def _take_over(self, args: Sequence[Any]) -> None:
        """Carried state that cannot be read holds the task instead of ending a months-old pair: a deploy mends it."""
        carry = carried(PairContinueAsNew, args)
        known_here(carry.state)
        self.state, self.shown, self.suspended = (
            carry.state,
            carry.shown,
            carry.suspended,
        )
        self.must_look = carry.must_look
        self.inbox = RefusedMessages(carry.inbox)

    @workflow.run
    async def run(self, *args: Any) -> str:
        """The story of a pair. Returns its outcome."""
        if self.state is None:
            raise invalid_input(self.invalid or "no start document")
        while not self._over():
            try:
                await self._one_round()
            except asyncio.CancelledError:
                self._apply(Ended(reason="cancelled"))
        self._show()
        return self._now().outcome or "closed"

    async def _one_round(self) -> None:
        self._serve()
        if options.should_continue_as_new():
            await self._continue()
        elif self._now().finding and not self.suspended:
            await self._find()
        elif self._urgent():
            await self._record()
        elif self.inbox.waits:
            await self.inbox.save()
        else:
            await self._wait()

    def _over(self) -> bool:
        state = self._now()
        return state.stage is Stage.CLOSED and not state.outbox and not self.inbox.waits

    def _urgent(self) -> bool:
        """A pulse alone is not written down at once: it is in PostgreSQL already, and goes with the next record."""
        state = self._now()
        if self.suspended:
            return False
        return (
            self.must_look
            or self.inbox.waits
            or any(r.event != "pulse_received" or r.notices for r in state.outbox)
        )

    async def _record(self) -> None:
        """Write down what happened: one transaction, retried until it works."""
        state = self._now()
        batch, refused = state.outbox, self.inbox.waiting()
        self.must_look = False
        carried_out = RecordBatch(
            pair=state.pair, records=batch, state=snapshot(state), refused=refused
        )
        try:
            directives = await retry_forever(
                self.inbox,
                "record",
                lambda: workflow.execute_activity_method(
                    PersistenceActivities.record,
                    carried_out,
                    summary=_summary(batch, refused),
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
        done = batch[-1].revision if batch else 0
        self._set(outbox=tuple(r for r in self._now().outbox if r.revision > done))
        self.inbox.written(refused)
        self._obey(paused=directives.paused)

    def _obey(self, *, paused: bool) -> None:
        """What is in force for the scope, which a pair that started in mid-broadcast would have missed."""
        by_directive = "directive" in self._now().paused_by
        if paused and not by_directive:
            self._apply(Paused(reason="scope_paused", scope="directive"))
        elif by_directive and not paused:
            self._apply(Resumed(scope="directive"))

    async def _find(self) -> None:
        """Before the record, so that what was found goes into the same one."""
        asked = self._now().finding
        if asked is None:
            return
        found = await retry_forever(
            self.inbox,
            "find",
            lambda: workflow.execute_activity_method(
                SchedulingActivities.find_slots,
                asked,
                summary=f"Find a slot for session {asked.session}",
                **options.FIND,
            ),
        )
        self._apply(found)

    async def _wait(self) -> None:
        """Until the next event, or the next deadline; the timer is re-armed only for an earlier one."""
        state = self._now()
        self._show()
        due = None if self.suspended else state.next_deadline
        if due is not None:
            step = min(state.deadlines, key=lambda k: state.deadlines[k])
            self.alarm.ring_at(
                due, clock.wait(state.clock, due), step.replace("_", " ")
            )
        await workflow.wait_condition(lambda: self.woken)
        self.woken = False

    def _wake(self) -> None:
        self.woken = True

    def _show(self) -> None:
        """Upsert what changed, and say in the Web UI where the pair stands."""
        state = self._now()
        keys = (options.STAGE, options.HEALTH, options.SESSIONS_HELD)
        now = (
            state.stage.value,
            SUSPENDED if self.suspended else state.health.value,
            state.held,
        )
        changed = [
            key.value_set(value)  # type: ignore[attr-defined]
            for key, value, shown in zip(keys, now, self.shown, strict=True)
            if value != shown
        ]
        if changed:
            workflow.upsert_search_attributes(changed)
            self.shown = now
        workflow.set_current_details(details(state, self.inbox.refused, self.suspended))

    async def _continue(self) -> None:
        """No activity is in flight between two rounds, and all else is carried: a steady stream cannot put it off."""
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            PairContinueAsNew(
                state=self._now(),
                shown=self.shown,
                suspended=self.suspended,
                must_look=self.must_look,
                inbox=self.inbox.carried(),
            )
        )

    def _now(self) -> PairState:
        assert self.state is not None  # `run` ends at once without a valid start
        return self.state

    def _set(self, **changes: object) -> None:
        self.state = self._now().model_copy(update=changes)

    def _serve(self) -> None:
        if not self.suspended:
            self.state = self._served()

    def _served(self) -> PairState:
        """The state after every deadline that has come; a validator may look at it, and changes nothing."""
        state = self._now()
        return serve_due(
            state,
            clock.now(state.clock),
            served_at=lambda due: clock.served_at(state.clock, due),
        )

    def _apply(self, event: Event) -> str | None:
        """Let the lifecycle decide, at the time of arrival; why it changed nothing, if so."""
        self._serve()
        state = self._now()
        done = advance(state, event, clock.now(state.clock))
        self.state, self.woken = done.state, True
        return done.ignored

    def on_fact(self, name: str, event: Event | DirectivesChanged) -> None:
        if self.state is None:
            raise MessageRefused(
                "the start document is invalid; start another workflow like this one"
            )
        if isinstance(event, DirectivesChanged):
            self.must_look = True
            return
        if why := self._apply(event):
            workflow.logger.debug(
                "event changes nothing", extra={"event_kind": name, "why": why}
            )

    def refusal(self, name: str, decision: Event) -> str | None:
        if self.state is None:
            return "the start document is invalid; start another workflow like this one"
        if self.suspended and isinstance(decision, Resumed):
            return None
        if isinstance(decision, Paused | Resumed) and decision.scope != "pair":
            return f"{name}.scope: that of a programme, region, cohort or person is decided there; allowed: pair"
        current = self._served()
        return refusal(
            current.having(now=max(clock.now(current.clock), current.now)), decision
        )

    def on_decision(self, name: str, decision: Event) -> dict[str, Any]:
        if self.suspended and isinstance(decision, Resumed):
            self.suspended = None
        else:
            self._apply(decision)
        state = self._now()
        return {
            "revision": state.revision,
            "stage": state.stage.value,
            "health": state.health.value,
        }

    @workflow.query(
        name="state",
        description="The pair's whole state: ids, codes, numbers and times.",
    )
    def query_state(self, *args: Any) -> PairState | None:
        return self.state


def _summary(batch: tuple[Record, ...], refused: tuple[RefusedMessage, ...]) -> str:
    """What a record holds, for the Web UI; one without anything only asks what is in force."""
    kept = ["what was refused"] if refused else []
    return (
        ", ".join(dict.fromkeys([*(r.event for r in batch), *kept]))
        or "what is in force"
    )
