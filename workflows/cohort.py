"""CohortWorkflow: enrol, train, match, run, close; one region, one wave."""

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, assert_never

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.programme.cohort_actions import (
        CohortAction,
        in_phase,
        next_action,
        refusal,
    )
    from schemas.cohort import (
        CohortCounts,
        CohortPhase,
        CohortStart,
        CohortState,
        CohortUpdate,
        MatchDecision,
        PauseCohort,
        ResumeCohort,
    )
    from schemas.effects import PauseScope
    from schemas.guard import AcceptPeopleChange, DismissPeopleChange, PeopleChanged
    from schemas.handlers import CohortHandlers
    from schemas.notices import Template
    from workflows import clock, options
    from workflows.carried_state import CarriedState, ContinueAsNew
    from workflows.cohorts import cohort_steps, guarding, reviewing
    from workflows.cohorts.asking import ask_ops
    from workflows.pausing import set_pause, signal_scope
    from workflows.reading import MessageRefused, invalid_input, read, read_carried
    from workflows.receiving import register_handlers
    from workflows.refused_messages import RefusedMessages
    from workflows.retrying import retry_forever
    from workflows.rollout_details import cohort_details

SHORTEST_POLL = timedelta(seconds=5)
LONGEST_POLL = timedelta(minutes=5)
"""Wall time between two polls for pairs that are to end."""


CohortContinueAsNew = ContinueAsNew[CohortState]


@workflow.defn(name="CohortWorkflow")
@register_handlers(CohortHandlers)
class CohortWorkflow(CohortHandlers, CarriedState[CohortState]):
    """One programme in one region, one wave.

    Its pairs are not its children: it counts them in PostgreSQL.
    """

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.refused_messages = RefusedMessages()
        self.invalid: str | None = None
        self.current_state = None
        self.woken = False
        self.end_requests = 0
        self.deciding = asyncio.Lock()
        self.pausing = asyncio.Lock()
        """Held while a pause is put in force: one at a time, and pairs are signalled between."""
        if workflow.info().continued_run_id:
            carried = read_carried(CohortContinueAsNew, args)
            self.current_state = carried.state
            self.refused_messages = RefusedMessages(carried.refused_messages)
            return
        try:
            self.current_state = CohortState(start=read(CohortStart, args, strict=True))
        except MessageRefused as why:
            self.invalid = str(why)

    @workflow.run
    async def run(self, *args: Any) -> str:
        """Run a cohort to its end."""
        if self.current_state is None:
            raise invalid_input(self.invalid or "no start document")
        while self._state.phase is not CohortPhase.CLOSED:
            try:
                await retry_forever(self.refused_messages, "cohort", self._one_round)
            except asyncio.CancelledError:
                self._cancel()
        return "closed"

    async def _one_round(self) -> None:
        if options.should_continue_as_new():
            await self._continue()
        await self.refused_messages.save()
        if self._state.pairs_to_notify and not self.pausing.locked():
            await self._notify_pairs()
        match self._state.phase:
            case CohortPhase.ENROL:
                await cohort_steps.enrol(self._state.start)
                self._enter(CohortPhase.RUN)
            case CohortPhase.RUN:
                await self._next_action()
            case CohortPhase.END:
                await self._end()
            case CohortPhase.CLOSE:
                await self._close()
            case CohortPhase.CLOSED:
                pass
            case phase:
                assert_never(phase)

    def _cancel(self) -> None:
        """End the pairs of a cancelled cohort first; one that is about to close goes on."""
        if self._state.phase in (CohortPhase.ENROL, CohortPhase.RUN):
            self._enter(CohortPhase.END)

    async def _end(self) -> None:
        """Ask every pair to end, until all have closed.

        A pair that lost its run is asked when it has one again.
        """
        left = await cohort_steps.end_pairs(self._state.start.plan.cohort)
        if not left:
            return self._enter(CohortPhase.CLOSE)
        await self._count()
        wait = SHORTEST_POLL * 2 ** min(self.end_requests, 10)
        self.end_requests += 1
        return await self._wait(min(wait, LONGEST_POLL))

    async def _next_action(self) -> None:
        counts = await self._count()
        state = self._state
        cohort = state.start.plan.cohort
        action = next_action(state, counts, clock.now(state.start.clock))
        match action:
            case CohortAction.CLOSE:
                self._enter(CohortPhase.CLOSE)
            case CohortAction.CHECK_LINES:
                self._set(guard_asked=await guarding.check_lines(state))
            case CohortAction.SIGNAL_LINES:
                await guarding.signal_findings(cohort)
            case CohortAction.ANNOUNCE:
                await reviewing.announce(cohort)
            case CohortAction.APPROVE:
                await self._decide(MatchDecision(all=True))
            case CohortAction.ASK_REVIEW:
                await self._ask_review()
            case CohortAction.MATCH:
                await self._match(counts)
            case CohortAction.WAIT:
                await self._wait()
            case _:
                assert_never(action)

    async def _count(self) -> CohortCounts:
        counts = await cohort_steps.count(self._state.start.plan.cohort)
        state = self._state
        free = (counts.ready_mentors, counts.waiting_mentees)
        self._set(
            counts=counts,
            polls=state.polls + 1,
            run=max(state.run, counts.run),
            # as many another time are others
            tried=state.tried if free == state.tried else (0, 0),
        )
        return counts

    async def _match(self, counts: CohortCounts) -> None:
        before = self._state.changes
        found = await reviewing.match(self._state.start.plan.cohort, counts)
        nothing = not found.proposed and self._state.changes == before
        free = (counts.ready_mentors, counts.waiting_mentees)
        self._set(run=found.run, tried=free if nothing else (0, 0))

    async def _ask_review(self) -> None:
        state = self._state
        await ask_ops(state, Template.MATCHES_TO_REVIEW, state.run, "Ask ops to review")
        self._set(review_asked=self._state.run)

    async def _decide(self, decision: MatchDecision) -> CohortCounts:
        async with self.deciding:
            return await reviewing.decide(self._state.start.plan.cohort, decision)

    async def _wait(self, poll: timedelta | None = None) -> None:
        """Wait for a decision of ops, or a programme day, though at least `SHORTEST_POLL`."""
        pace = self._state.start.clock.pace
        self._show()
        poll = poll or max(SHORTEST_POLL, timedelta(days=1) / pace)
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self.woken, timeout=poll, timeout_summary="Look again"
            )
        self.woken = False

    async def _close(self) -> None:
        plan = self._state.start.plan
        evidence = await cohort_steps.close(plan)
        self._show()
        await cohort_steps.report_end(plan.cohort.programme, evidence)
        self._enter(CohortPhase.CLOSED)

    async def _continue(self) -> None:
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            CohortContinueAsNew(
                state=self._state, refused_messages=self.refused_messages.to_state()
            )
        )

    def _show(self) -> None:
        workflow.set_current_details(
            cohort_details(self._state, self.refused_messages.shown)
        )

    def _enter(self, phase: CohortPhase) -> None:
        self.current_state = in_phase(self._state, phase)

    def _set(self, **changes: object) -> None:
        self.current_state = self._state.model_copy(update=changes)

    def receive_signal(self, signal: PeopleChanged) -> None:
        """Note a change of people, after which another run of matching is worth while."""
        if self.current_state is not None:
            self._match_again()

    def refusal(self, update: CohortUpdate) -> str | None:
        if self.current_state is None:
            return "the cohort is not running"
        return refusal(self.current_state, update)

    def apply_update(self, update: CohortUpdate) -> Awaitable[CohortCounts]:
        match update:
            case PauseCohort(reason=reason):
                return self._pause(paused=True, reason=reason)
            case ResumeCohort():
                return self._pause(paused=False)
            case AcceptPeopleChange() | DismissPeopleChange():
                return self._decide_people_change(update)
            case MatchDecision():
                return self._decide_matches(update)
            case _:
                assert_never(update)

    async def _decide_matches(self, decision: MatchDecision) -> CohortCounts:
        try:
            counts = await self._decide(decision)
        except ActivityError as error:
            raise reviewing.refused(error) from None
        if decision.matches_again:
            self._match_again()
        return counts

    def _match_again(self) -> None:
        """Ask for another run of matching, also while one is under way."""
        self._set(tried=(0, 0), changes=self._state.changes + 1)

    async def _decide_people_change(
        self, decision: AcceptPeopleChange | DismissPeopleChange
    ) -> CohortCounts:
        await guarding.decide_people_change(self._state.start.plan.cohort, decision)
        return await self._count()

    async def _pause(self, *, paused: bool, reason: str = "asked") -> CohortCounts:
        async with self.pausing:
            # noted first, so that pairs are signalled even if what follows fails
            self._set(pairs_to_notify=True)
            await set_pause(
                self.refused_messages,
                PauseScope(
                    scope=self._state.start.plan.cohort.workflow_id,
                    paused=paused,
                    reason=reason,
                ),
            )
        return await self._count()

    async def _notify_pairs(self) -> None:
        self._set(pairs_to_notify=False)
        await signal_scope(
            self.refused_messages, self._state.start.plan.cohort.workflow_id
        )

    @workflow.query(
        name="state", description="The cohort's whole state: counts, phase, plan."
    )
    def state(self, *args: Any) -> CohortState | None:
        return self.current_state
