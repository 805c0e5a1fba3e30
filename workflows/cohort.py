"""CohortWorkflow: enrol, train, match, run, close; one region, one wave."""

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, assert_never

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.executions.activities import ExecutionActivities
    from activities.persistence.activities import PersistenceActivities
    from domain.programme.cohort_actions import (
        CohortAction,
        in_phase,
        next_action,
        refusal,
    )
    from schemas.base import Carried
    from schemas.cohort import (
        CohortClosed,
        CohortCounts,
        CohortPhase,
        CohortStart,
        CohortState,
        CohortUpdate,
        MatchDecision,
        PauseCohort,
        ResumeCohort,
    )
    from schemas.effects import PauseScope, RefusedMessagesState
    from schemas.guard import DismissGuard, PeopleChanged, ReleaseGuard
    from schemas.ids import programme_workflow_id
    from schemas.notices import Template
    from workflows import clock, guarding, options, reviewing
    from workflows.asking import ask_ops
    from workflows.pausing import set_pause, signal_scope
    from workflows.reading import MessageRefused, carried, invalid_input, read
    from workflows.receiving import RefusedMessages, register_signals, register_updates
    from workflows.retrying import retry_forever
    from workflows.rollout_details import cohort_details

SHORTEST_POLL = timedelta(seconds=5)
LONGEST_POLL = timedelta(minutes=5)
"""Between two looks at pairs that are to end."""
NO_SUCH_RUN = "ExternalWorkflowExecutionNotFound"
"""How the SDK calls a signal that meets nobody; a programme that is restored later reads of the end by itself."""


class CohortContinueAsNew(Carried):
    """All that a run hands to the next one."""

    state: CohortState
    inbox: RefusedMessagesState = RefusedMessagesState()


@workflow.defn(name="CohortWorkflow")
@register_signals({"people_changed": PeopleChanged})
@register_updates(
    {
        "approve_matches": MatchDecision,
        "pause": PauseCohort,
        "resume": ResumeCohort,
        "release_guard": ReleaseGuard,
        "dismiss_guard": DismissGuard,
    }
)
class CohortWorkflow:
    """One programme in one region, one wave. Its pairs are not its children: it counts them in PostgreSQL."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.inbox = RefusedMessages()
        self.invalid: str | None = None
        self.state: CohortState | None = None
        self.woken = False
        self.asked = 0
        self.deciding = asyncio.Lock()
        self.directing = asyncio.Lock()
        """Pauses take turns; pairs are told when none is on its way into force."""
        if workflow.info().continued_run_id:
            carry = carried(CohortContinueAsNew, args)
            self.state, self.inbox = carry.state, RefusedMessages(carry.inbox)
            return
        try:
            self.state = CohortState(start=read(CohortStart, args, strict=True))
        except MessageRefused as why:
            self.invalid = str(why)

    @workflow.run
    async def run(self, *args: Any) -> str:
        """The story of a cohort."""
        if self.state is None:
            raise invalid_input(self.invalid or "no start document")
        while self.state.phase is not CohortPhase.CLOSED:
            try:
                await retry_forever(self.inbox, "cohort", self._go_on)
            except asyncio.CancelledError:
                self._cancelled()
        return "closed"

    async def _go_on(self) -> None:
        if options.should_continue_as_new():
            await self._continue()
        await self.inbox.save()
        if self._now().pairs_to_notify and not self.directing.locked():
            await self._tell()
        match self._now().phase:
            case CohortPhase.ENROL:
                await self._enrol()
            case CohortPhase.RUN:
                await self._one_round()
            case CohortPhase.END:
                await self._end()
            case CohortPhase.CLOSE:
                await self._close()
            case CohortPhase.CLOSED:
                pass
            case phase:
                assert_never(phase)

    def _cancelled(self) -> None:
        """Its pairs end first; a cohort that is about to close goes on with that."""
        if self._now().phase in (CohortPhase.ENROL, CohortPhase.RUN):
            self._enter(CohortPhase.END)

    async def _end(self) -> None:
        """Ask every pair to end, until all have closed: one whose run was lost is asked when it has one again."""
        left = await workflow.execute_activity_method(
            ExecutionActivities.cancel_pairs,
            self._now().start.plan.cohort,
            summary="End the pairs",
            **options.PAGES,
        )
        if not left:
            return self._enter(CohortPhase.CLOSE)
        await self._count()
        self.asked += 1
        return await self._wait(
            min(SHORTEST_POLL * 2 ** min(self.asked - 1, 10), LONGEST_POLL)
        )

    async def _enrol(self) -> None:
        start = self._now().start
        await workflow.execute_activity_method(
            PersistenceActivities.open_cohort,
            start,
            summary="Enrol mentors and mentees",
            **options.TO_THE_END,
        )
        await workflow.execute_activity_method(
            ExecutionActivities.start_pairs,
            start,
            summary="Start the pairs",
            **options.TO_THE_END,
        )
        self._enter(CohortPhase.RUN)

    async def _one_round(self) -> None:
        state = self._now()
        counts = await self._count()
        match next_action(state, counts, clock.now(state.start.clock)):
            case CohortAction.CLOSE:
                self._enter(CohortPhase.CLOSE)
            case CohortAction.CHECK_LINES:
                self._set(guard_asked=await guarding.look_at_lines(state))
            case CohortAction.SIGNAL_LINES:
                await guarding.signal_findings(state.start.plan.cohort)
            case CohortAction.ANNOUNCE:
                await reviewing.announce(state.start.plan.cohort)
            case CohortAction.APPROVE:
                await self._decide(MatchDecision(all=True))
            case CohortAction.ASK_REVIEW:
                await self._ask_review()
            case CohortAction.MATCH:
                await self._match(counts)
            case CohortAction.WAIT:
                await self._wait()

    async def _count(self) -> CohortCounts:
        counts = await workflow.execute_activity_method(
            PersistenceActivities.cohort_counts,
            self._now().start.plan.cohort,
            summary="Count pairs",
            **options.READ,
        )
        state = self._now()
        new = (
            counts.ready_mentors,
            counts.waiting_mentees,
        ) != state.tried  # as many another time are others
        tried = (0, 0) if new else state.tried
        self._set(
            counts=counts,
            polls=state.polls + 1,
            run=max(state.run, counts.run),
            tried=tried,
        )
        return counts

    async def _match(self, counts: CohortCounts) -> None:
        before = self._now().changes
        found = await reviewing.match(self._now().start.plan.cohort, counts)
        nothing = not found.proposed and self._now().changes == before
        self._set(
            run=found.run,
            tried=(counts.ready_mentors, counts.waiting_mentees) if nothing else (0, 0),
        )

    async def _ask_review(self) -> None:
        state = self._now()
        await ask_ops(state, Template.MATCHES_TO_REVIEW, state.run, "Ask ops to review")
        self._set(review_asked=self._now().run)

    async def _decide(self, decision: MatchDecision) -> CohortCounts:
        async with self.deciding:
            return await reviewing.decide(self._now().start.plan.cohort, decision)

    async def _wait(self, poll: timedelta | None = None) -> None:
        """Until ops decide, or the next programme day, but never more often than every five seconds."""
        state = self._now()
        workflow.set_current_details(cohort_details(state, self.inbox.refused))
        poll = poll or max(SHORTEST_POLL, timedelta(days=1) / state.start.clock.pace)
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self.woken, timeout=poll, timeout_summary="Look again"
            )
        self.woken = False

    async def _close(self) -> None:
        state = self._now()
        plan = state.start.plan
        evidence = await workflow.execute_activity_method(
            PersistenceActivities.close_cohort,
            plan,
            summary="Close and weigh the evidence",
            **options.RECORD,
        )
        workflow.set_current_details(cohort_details(self._now(), self.inbox.refused))
        programme = workflow.get_external_workflow_handle(
            programme_workflow_id(plan.cohort.programme)
        )
        try:
            await programme.signal("cohort_closed", CohortClosed(evidence=evidence))
        except ApplicationError as error:
            if error.type != NO_SUCH_RUN:
                raise  # and it is told again
            workflow.logger.warning("no programme hears that the cohort closed")
        self._enter(CohortPhase.CLOSED)

    async def _continue(self) -> None:
        workflow.set_current_details(cohort_details(self._now(), self.inbox.refused))
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            CohortContinueAsNew(state=self._now(), inbox=self.inbox.carried())
        )

    def _now(self) -> CohortState:
        assert self.state is not None  # `run` ends at once without a valid start
        return self.state

    def _enter(self, phase: CohortPhase) -> None:
        self.state = in_phase(self._now(), phase)

    def _set(self, **changes: object) -> None:
        self.state = self._now().model_copy(update=changes)

    def on_fact(self, name: str, fact: PeopleChanged) -> None:
        """It wakes; what changed stands in PostgreSQL, and who found nobody may find somebody now."""
        if self.state is not None:
            self._match_again()

    def refusal(self, name: str, update: CohortUpdate) -> str | None:
        if self.state is None:
            return "the cohort is not running"
        return refusal(self.state, update)

    def on_decision(self, name: str, update: CohortUpdate) -> Awaitable[CohortCounts]:
        match update:
            case PauseCohort(reason=reason):
                return self._pause(paused=True, reason=reason)
            case ResumeCohort():
                return self._pause(paused=False)
            case ReleaseGuard() | DismissGuard():
                return self._settle(update)
            case MatchDecision():
                return self._approve(update)
            case _:
                assert_never(update)

    async def _approve(self, decision: MatchDecision) -> CohortCounts:
        try:
            counts = await self._decide(decision)
        except ActivityError as error:
            raise reviewing.refused(error) from None
        if decision.matches_again:
            self._match_again()
        return counts

    def _match_again(self) -> None:
        """Whatever a run that is under way finds."""
        self._set(tried=(0, 0), changes=self._now().changes + 1)

    async def _settle(self, decision: ReleaseGuard | DismissGuard) -> CohortCounts:
        await guarding.settle(self._now().start.plan.cohort, decision)
        return await self._count()

    async def _pause(self, *, paused: bool, reason: str = "asked") -> CohortCounts:
        scope = self._now().start.plan.cohort.workflow_id
        async with self.directing:
            self._set(
                pairs_to_notify=True
            )  # first: whatever is put into force is told, even if what follows fails
            await set_pause(
                self.inbox, PauseScope(scope=scope, paused=paused, reason=reason)
            )
        return await self._count()

    async def _tell(self) -> None:
        self._set(pairs_to_notify=False)
        await signal_scope(self.inbox, self._now().start.plan.cohort.workflow_id)

    @workflow.query(
        name="state", description="The cohort's whole state: counts, phase, plan."
    )
    def query_state(self, *args: Any) -> CohortState | None:
        return self.state
