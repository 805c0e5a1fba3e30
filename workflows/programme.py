"""ProgrammeWorkflow: one JSON document from the Web UI; rolls out region by region, wave by wave."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar, assert_never

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.programme import pauses, rollout
    from domain.programme.refusals import refusal
    from schemas.cohort import CohortClosed
    from schemas.effects import PauseScope
    from schemas.handlers import ProgrammeHandlers
    from schemas.ids import programme_workflow_id
    from schemas.programme import CheckResult, StartResult
    from schemas.rollout import (
        ConcludeRegion,
        ExtendRegion,
        HoldRegion,
        PauseProgramme,
        ProgrammeOnRecord,
        ProgrammeState,
        ProgrammeUpdate,
        RegionPhase,
        RegionState,
        ResumeProgramme,
        TickNeed,
    )
    from workflows import clock, options, programme_steps, reading, starting, stopping
    from workflows.carried_state import CarriedState, ContinueAsNew
    from workflows.pausing import set_pause, signal_scope
    from workflows.receiving import register_handlers
    from workflows.refused_messages import RefusedMessages
    from workflows.retrying import retry_forever
    from workflows.rollout_details import programme_details

Result = TypeVar("Result")


class ProgrammeContinueAsNew(ContinueAsNew[ProgrammeState]):
    """What a run of a programme hands to the next one."""

    saved_revision: int = -1


@workflow.defn(name="ProgrammeWorkflow")
@register_handlers(ProgrammeHandlers)
class ProgrammeWorkflow(ProgrammeHandlers, CarriedState[ProgrammeState]):
    """One organisation's initiative.

    It may be started under any workflow id, and runs as `programme:CODE`.
    """

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.refused_messages = RefusedMessages()
        self.current_state = None
        self.saved_revision = -1
        self.woken = False
        self.cancelled = False
        self.looks = 0
        """Number of polls of its cohorts since it was cancelled."""
        self.pausing = asyncio.Lock()
        """Held while a pause is put in force, so that the state names the last one."""
        self.early_reports: list[CohortClosed] = []
        """Reports that changed nothing yet: an empty cohort can end before its start is known."""
        if workflow.info().continued_run_id:
            carried = reading.read_carried(ProgrammeContinueAsNew, args)
            self.current_state = carried.state
            self.saved_revision = carried.saved_revision
            self.refused_messages = RefusedMessages(carried.refused_messages)

    @workflow.run
    async def run(self, *args: Any) -> CheckResult | StartResult:
        """Run a programme to its end.

        Under another id: check the document, or start the programme and say where it runs.
        """
        if self.current_state is None:
            try:
                raw = reading.document(args)
            except reading.MessageRefused as why:
                raise reading.invalid_input(str(why)) from None
            programme = str(raw.get("programme"))
            if raw.get("check_only") is True:
                return await starting.check(raw)
            if workflow.info().workflow_id != programme_workflow_id(programme):
                return await starting.start_elsewhere(raw)
            await self._begin(raw)
            workflow.upsert_search_attributes(
                [options.PROGRAMME_ID.value_set(self._state.plan.programme)]
            )
        while not self._state.finished:
            try:
                await self._retry_forever(self._one_round)
            except asyncio.CancelledError:
                self.current_state = rollout.cancelled(self._state)
        await self._uninterrupted(lambda: self._retry_forever(self._save))
        return await self._uninterrupted(lambda: self._retry_forever(self._result))

    async def _result(self) -> StartResult:
        return await starting.start_result(self._state.plan.programme)

    async def _begin(self, raw: dict[str, Any]) -> None:
        """The first state: of a new document, or of what PostgreSQL keeps of a lost run."""
        if raw.get("restored") is True:
            programme = str(raw.get("programme"))
            self._restore(
                await self._uninterrupted(
                    lambda: self._retry_forever(lambda: stopping.on_record(programme))
                )
            )
        else:
            if workflow.info().parent is None:  # else its parent has checked
                await starting.require_startable(raw)
            self.current_state = programme_steps.first_state(
                await self._uninterrupted(lambda: starting.claim(raw))
            )
        if self.cancelled:
            self.current_state = rollout.cancelled(self._state)

    async def _retry_forever(self, work: Callable[[], Awaitable[Result]]) -> Result:
        return await retry_forever(self.refused_messages, "programme", work)

    async def _uninterrupted(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """Ask again after a cancellation, which takes effect later.

        Otherwise nobody would know whether it was done.
        """
        try:
            return await ask()
        except (ActivityError, asyncio.CancelledError) as error:
            if not is_cancelled_exception(error):
                raise
            self.cancelled = True
            return await ask()

    def _restore(self, known: ProgrammeOnRecord) -> None:
        """Go on from the state, repeating nothing; reports that came in between are applied."""
        if known.plan is None:
            raise reading.invalid_input(
                "restored: no programme of this code is on record; "
                "start it with its document"
            )
        if known.state is None:
            self.current_state = programme_steps.first_state(known.plan)
        else:
            self.current_state = known.state
            self.saved_revision = known.state.revision
        if known.paused is not None:
            self.current_state = pauses.with_pauses_in_force(self._state, known.paused)
        for evidence in known.closed:
            self.receive_signal(CohortClosed(evidence=evidence))

    async def _one_round(self) -> None:
        if options.should_continue_as_new():
            await self._continue()
        await self.refused_messages.save()
        await (self._stop() if self._state.cancelled else self._roll_out())

    async def _stop(self) -> None:
        """End a cancelled programme: nothing more opens, and every open cohort ends first."""
        self.looks += 1
        missing = await stopping.cancel_cohorts(self._state)
        known = await stopping.on_record(self._state.plan.programme)
        self.current_state = stopping.with_ends(self._state, known, missing, self.looks)
        if self._state.revision != self.saved_revision:
            await self._save()
        if not self._state.finished:
            await self._wait(stopping.wait_before(self.looks))
        self.woken = False

    async def _roll_out(self) -> None:
        before = self._state
        after = self.current_state = rollout.open_due_regions(
            before, clock.now(before.plan.clock)
        )
        for region, was in zip(after.regions, before.regions, strict=True):
            if region.status is RegionPhase.PROPOSED is not was.status:
                await programme_steps.propose(self._state, region)
            if region.status is RegionPhase.OPENING:
                await self._open(region)
        if self._state.revision != self.saved_revision:
            await self._save()
        elif self._state.scopes_to_notify and not self.pausing.locked():
            await self._notify_pairs(self._state.scopes_to_notify[0])
        elif not self.woken:
            await self._wait()
        self.woken = False

    async def _open(self, region: RegionState) -> None:
        cohort = region.plan.cohort
        await starting.start_cohort(region.plan, self._state.plan.clock)
        self.current_state = programme_steps.with_early_reports(
            rollout.opened(self._state, cohort.region), cohort, self.early_reports
        )

    async def _save(self) -> None:
        state = self._state
        await programme_steps.save(state)
        self.saved_revision = state.revision

    async def _wait(self, wall_time: timedelta | None = None) -> None:
        state = self._state
        self._show()
        due = rollout.next_due(state, clock.now(state.plan.clock))
        if wall_time is None and due:
            wall_time = clock.wait(state.plan.clock, due)
        starts = due == state.plan.starts_at
        summary = "Until it starts" if starts else "Until the next wave"
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self.woken, timeout=wall_time, timeout_summary=summary
            )

    async def _continue(self) -> None:
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            ProgrammeContinueAsNew(
                state=self._state,
                refused_messages=self.refused_messages.to_state(),
                saved_revision=self.saved_revision,
            )
        )

    def _show(self) -> None:
        workflow.set_current_details(
            programme_details(self._state, self.refused_messages.shown)
        )

    def receive_signal(self, report: CohortClosed) -> None:
        before = self.current_state
        if before is not None:
            self.current_state = rollout.cohort_closed(
                before, report.evidence, clock.now(before.plan.clock)
            )
            self.woken = True
        if self.current_state is before:
            self.early_reports.append(report)

    def refusal(self, update: ProgrammeUpdate) -> str | None:
        if self.current_state is None:
            return "the programme has not begun; try again shortly"
        return refusal(self.current_state, update)

    def apply_update(self, update: ProgrammeUpdate) -> str | Awaitable[str]:
        state = self._state
        match update:
            case PauseProgramme(region=region, reason=reason):
                scope = pauses.scope_of(state, region)
                return self._pause(PauseScope(scope=scope, paused=True, reason=reason))
            case ResumeProgramme(region=region):
                scope = pauses.scope_of(state, region)
                return self._pause(PauseScope(scope=scope, paused=False))
            case ExtendRegion() | HoldRegion() | ConcludeRegion() | TickNeed():
                self.current_state = rollout.updated(
                    state, update, clock.now(state.plan.clock)
                )
                return programme_steps.update_reply(update)
            case _:
                assert_never(update)

    async def _pause(self, change: PauseScope) -> str:
        """Put a pause in force, or end it."""
        async with self.pausing:
            self.current_state = pauses.to_notify(self._state, change.scope)
            await set_pause(self.refused_messages, change)
            self.current_state = pauses.with_pause(
                self._state, change.scope, paused=change.paused
            )
        done = "paused" if change.paused else "resumed"
        return f"{done}; its pairs are signalled, a hundred a second"

    async def _notify_pairs(self, scope: str) -> None:
        """Signal the pairs of the noted scopes; a change meanwhile notes its scope again."""
        self.current_state = pauses.notified(self._state, scope)
        await signal_scope(self.refused_messages, scope)

    @workflow.query(
        name="state",
        description="The programme's whole state: regions, needs, evidence.",
    )
    def state(self, *args: Any) -> ProgrammeState | None:
        return self.current_state
