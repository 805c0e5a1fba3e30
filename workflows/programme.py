"""ProgrammeWorkflow: one JSON document from the Web UI; rolls out region by region, wave by wave."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar, assert_never

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from activities.persistence.activities import PersistenceActivities
    from domain.programme import pauses, rollout
    from domain.programme.refusals import refusal
    from schemas.base import Carried
    from schemas.cohort import CohortClosed
    from schemas.effects import PauseScope, RefusedMessagesState
    from schemas.ids import programme_workflow_id
    from schemas.programme import CheckResult, ProgrammePlan, StartResult
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
    from workflows import clock, options, stopping
    from workflows.pausing import set_pause, signal_scope
    from workflows.reading import MessageRefused, carried, document, invalid_input
    from workflows.receiving import RefusedMessages, register_signals, register_updates
    from workflows.retrying import retry_forever
    from workflows.rollout_details import programme_details
    from workflows.starting import (
        answer,
        check,
        checked,
        claim,
        open_cohort,
        start_elsewhere,
    )


T = TypeVar("T")


class ProgrammeContinueAsNew(Carried):
    """All that a run hands to the next one."""

    state: ProgrammeState
    inbox: RefusedMessagesState = RefusedMessagesState()
    saved: int = -1


@workflow.defn(name="ProgrammeWorkflow")
@register_signals({"cohort_closed": CohortClosed})
@register_updates(
    {
        "extend": ExtendRegion,
        "hold": HoldRegion,
        "conclude": ConcludeRegion,
        "tick_need": TickNeed,
        "pause": PauseProgramme,
        "resume": ResumeProgramme,
    }
)
class ProgrammeWorkflow:
    """One organisation's initiative. Started under any workflow id; it runs as `programme:CODE`."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.inbox = RefusedMessages()
        self.state: ProgrammeState | None = None
        self.saved = -1
        self.woken = False
        self.cancelled = False
        self.looks = 0
        self.directing = asyncio.Lock()
        """Pauses take turns, so that what the state says is what was put into force last; meanwhile nobody is told."""
        self.early: list[CohortClosed] = []
        """Reports that changed nothing: a cohort with nobody in it can end before the news that it has begun."""
        if workflow.info().continued_run_id:
            carry = carried(ProgrammeContinueAsNew, args)
            self.state, self.inbox, self.saved = (
                carry.state,
                RefusedMessages(carry.inbox),
                carry.saved,
            )

    @workflow.run
    async def run(self, *args: Any) -> CheckResult | StartResult:
        """The story of a programme; under another id: check the document, or start the programme and say where."""
        if self.state is None:
            try:
                raw = document(args)
            except MessageRefused as why:
                raise invalid_input(str(why)) from None
            if raw.get("check_only") is True:
                return await check(raw)
            if workflow.info().workflow_id != programme_workflow_id(
                str(raw.get("programme"))
            ):
                return await start_elsewhere(raw)
            await self._take_up(raw)
            workflow.upsert_search_attributes(
                [options.PROGRAMME_ID.value_set(self._now().plan.programme)]
            )
        while not self._now().finished:
            try:
                await self._until_it_works(self._go_on)
            except asyncio.CancelledError:
                self.state = rollout.cancelled(self._now())
        await self._surely(lambda: self._until_it_works(self._save))
        return await self._surely(
            lambda: self._until_it_works(lambda: answer(self._now().plan.programme))
        )

    async def _take_up(self, raw: dict[str, Any]) -> None:
        """From a document that is new, or from what PostgreSQL holds of a programme whose run was lost."""
        if raw.get("restored") is True:
            programme = str(raw.get("programme"))
            self._restore(
                await self._surely(
                    lambda: self._until_it_works(lambda: stopping.on_record(programme))
                )
            )
        else:
            if (
                workflow.info().parent is None
            ):  # else the start that it came from has checked
                await checked(raw)
            self._begin(await self._surely(lambda: claim(raw)))
        if self.cancelled:
            self.state = rollout.cancelled(self._now())

    async def _until_it_works(self, work: Callable[[], Awaitable[T]]) -> T:
        return await retry_forever(self.inbox, "programme", work)

    async def _surely(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What a cancellation must not cut short: whether it was done would be unknown."""
        try:
            return await ask()
        except (ActivityError, asyncio.CancelledError) as error:
            if not is_cancelled_exception(error):
                raise
            self.cancelled = True
            return await ask()

    def _begin(self, plan: ProgrammePlan) -> None:
        regions = tuple(RegionState(plan=p) for p in plan.cohorts)
        self.state = ProgrammeState(
            plan=plan, now=clock.now(plan.clock), regions=regions
        )

    def _restore(self, known: ProgrammeOnRecord) -> None:
        """Nothing that was done is done again; the end of a cohort may have met nobody who heard of it."""
        if known.plan is None:
            raise invalid_input(
                "restored: no programme of this code is on record; start it with its document"
            )
        if known.state is None:
            self._begin(known.plan)
        else:
            self.state, self.saved = known.state, known.state.revision
        if known.paused is not None:
            self.state = pauses.with_pauses_in_force(self._now(), known.paused)
        for evidence in known.closed:
            self._cohort_closed(CohortClosed(evidence=evidence))

    async def _go_on(self) -> None:
        if options.should_continue_as_new():
            await self._continue()
        await self.inbox.save()
        await (self._stop() if self._now().cancelled else self._one_round())

    async def _stop(self) -> None:
        """Cancelled: nothing more opens, and it ends when every open cohort has."""
        self.looks += 1
        missing = await stopping.stop_cohorts(self._now())
        known = await stopping.on_record(self._now().plan.programme)
        self.state = stopping.heard_of_ends(self._now(), known, missing, self.looks)
        if self._now().revision != self.saved:
            await self._save()
        if not self._now().finished:
            await self._wait(stopping.wait_before(self.looks))
        self.woken = False

    async def _one_round(self) -> None:
        before = self._now()
        self.state = rollout.open_due_regions(before, clock.now(before.plan.clock))
        for region, was in zip(self.state.regions, before.regions, strict=True):
            if region.status is RegionPhase.PROPOSED is not was.status:
                await self._propose(region)
            if region.status is RegionPhase.OPENING:
                await self._open(region)
        if self._now().revision != self.saved:
            await self._save()
        elif self._now().scopes_to_notify and not self.directing.locked():
            await self._tell(self._now().scopes_to_notify[0])
        elif not self.woken:
            await self._wait()
        self.woken = False

    async def _open(self, region: RegionState) -> None:
        state = self._now()
        cohort = region.plan.cohort
        await open_cohort(region.plan, state.plan.clock)
        self.state = rollout.opened(self._now(), cohort.region)
        for closed in self.early:
            if closed.evidence.cohort == cohort:
                self.state = rollout.cohort_closed(
                    self.state, closed.evidence, clock.now(state.plan.clock)
                )

    async def _propose(self, region: RegionState) -> None:
        state = self._now()
        await workflow.execute_activity_method(
            PersistenceActivities.queue_notices,
            rollout.proposal(state, region, clock.now(state.plan.clock)),
            summary="Put the next region before the sponsor",
            **options.RECORD,
        )

    async def _save(self) -> None:
        state = self._now()
        await workflow.execute_activity_method(
            PersistenceActivities.save_programme,
            state,
            summary="Write down where the regions stand",
            **options.RECORD,
        )
        self.saved = state.revision

    async def _wait(self, until: timedelta | None = None) -> None:
        state = self._now()
        workflow.set_current_details(programme_details(state, self.inbox.refused))
        due = rollout.next_due(state, clock.now(state.plan.clock))
        if until is None and due:
            until = clock.wait(state.plan.clock, due)
        what = (
            "Until it starts" if due == state.plan.starts_at else "Until the next wave"
        )
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self.woken, timeout=until, timeout_summary=what
            )

    async def _continue(self) -> None:
        workflow.set_current_details(programme_details(self._now(), self.inbox.refused))
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            ProgrammeContinueAsNew(
                state=self._now(), inbox=self.inbox.carried(), saved=self.saved
            )
        )

    def _now(self) -> ProgrammeState:
        assert self.state is not None  # `run` makes it before anything else
        return self.state

    def on_fact(self, name: str, closed: CohortClosed) -> None:
        self._cohort_closed(closed)

    def _cohort_closed(self, closed: CohortClosed) -> None:
        before = self.state
        if before is not None:
            now = clock.now(before.plan.clock)
            self.state, self.woken = (
                rollout.cohort_closed(before, closed.evidence, now),
                True,
            )
        if self.state is before:
            self.early.append(closed)

    def refusal(self, name: str, update: ProgrammeUpdate) -> str | None:
        if self.state is None:
            return "the programme has not begun; try again shortly"
        return refusal(self.state, update)

    def on_decision(self, name: str, update: ProgrammeUpdate) -> str | Awaitable[str]:
        state = self._now()
        match update:
            case PauseProgramme(region=region, reason=reason):
                scope = pauses.scope_of(state, region)
                return self._direct(
                    PauseScope(scope=scope, paused=True, reason=reason),
                    lambda: pauses.paused(self._now(), update),
                )
            case ResumeProgramme(region=region):
                scope = pauses.scope_of(state, region)
                return self._direct(
                    PauseScope(scope=scope, paused=False),
                    lambda: pauses.resumed(self._now(), update),
                )
            case ExtendRegion() | HoldRegion() | ConcludeRegion() | TickNeed():
                now = clock.now(state.plan.clock)
                self.state = rollout.updated(state, update, now)
                return _reply(update)
            case _:
                assert_never(update)

    async def _direct(
        self, change: PauseScope, settled: Callable[[], ProgrammeState]
    ) -> str:
        """Put a pause into force, or end it; `settled` is the state with it."""
        async with self.directing:
            self.state = pauses.to_notify(self._now(), change.scope)
            await set_pause(self.inbox, change)
            self.state = settled()
        return f"{'paused' if change.paused else 'resumed'}; its pairs are told, a hundred a second"

    async def _tell(self, scope: str) -> None:
        """Off the list first: what changes while its pairs are being told puts it there again."""
        self.state = pauses.notified(self._now(), scope)
        await signal_scope(self.inbox, scope)

    @workflow.query(
        name="state",
        description="The programme's whole state: regions, needs, evidence.",
    )
    def query_state(self, *args: Any) -> ProgrammeState | None:
        return self.state


def _reply(update: rollout.RegionUpdate) -> str:
    match update:
        case ExtendRegion():
            return "approved; it opens as soon as its needs are ticked"
        case HoldRegion():
            return "held; allowed later: extend"
        case ConcludeRegion():
            return "no further wave of this region is waited for"
        case TickNeed():
            return "ticked"
        case _:
            assert_never(update)
