"""CohortWorkflow: enrol, train, match, run, close; one region, one wave."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.matching.activities import MatchingActivities
    from activities.persistence.activities import PersistenceActivities
    from schemas.base import Carried
    from schemas.cohort import CohortClosed, CohortCounts, CohortStart, CohortState, MatchDecision
    from schemas.counted import counted
    from schemas.effects import QueueNotices, RefusedMessage
    from schemas.ids import MATCHING_QUEUE, programme_workflow_id
    from schemas.notices import Notice, Recipient, Template
    from workflows import clock, options
    from workflows.inbox import Inbox, Refusal, carried, describe, invalid_input, read, unknown_signal
    from workflows.lifecycle.rollout import CohortAction, cohort_next
    from workflows.rollout_details import cohort_details

SHORTEST_POLL = timedelta(seconds=5)


class CohortCarry(Carried):
    """All that a run hands to the next one."""

    state: CohortState
    refused: tuple[RefusedMessage, ...] = ()


@workflow.defn(name="CohortWorkflow")
class CohortWorkflow:
    """One programme in one region, one wave. Its pairs are not its children: it counts them in PostgreSQL."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.inbox = Inbox()
        self.invalid: str | None = None
        self.state: CohortState | None = None
        self.woken = False
        self.deciding = asyncio.Lock()
        if workflow.info().continued_run_id:
            carry = carried(CohortCarry, args)
            self.state, self.inbox.refused = carry.state, list(carry.refused)
            return
        try:
            self.state = CohortState(start=read(CohortStart, args, strict=True))
        except Refusal as why:
            self.invalid = str(why)

    @workflow.run
    async def run(self, *args: Any) -> str:
        """The story of a cohort."""
        if self.state is None:
            raise invalid_input(self.invalid or "no start document")
        if self.state.phase == "enrol":
            await self._enrol()
        while self.state.phase == "run":
            try:
                await self._one_round()
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                self.inbox.refuse(
                    error.activity_type, "failed, and is tried again at the next look; see the worker's log"
                )
                await self._wait()
        await self._close()
        return "closed"

    async def _enrol(self) -> None:
        start = self._now().start
        await workflow.execute_activity_method(
            PersistenceActivities.open_cohort, start, summary="Enrol mentors and mentees", **options.PAGES
        )
        await workflow.execute_activity_method(
            PersistenceActivities.start_pairs, start, summary="Start the pairs", **options.PAGES
        )
        self._set(phase="run")

    async def _one_round(self) -> None:
        state = self._now()
        counts = await self._count()
        match cohort_next(state, counts, clock.now(state.start.clock)):
            case CohortAction.CLOSE:
                self._set(phase="close")
            case CohortAction.ANNOUNCE:
                await self._announce()
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
            PersistenceActivities.counts, self._now().start.plan.cohort, summary="Count pairs", **options.READ
        )
        self._set(counts=counts, polls=self._now().polls + 1)
        return counts

    async def _match(self, counts: CohortCounts) -> None:
        found = await workflow.execute_activity_method(
            MatchingActivities.match,
            self._now().start.plan.cohort,
            summary=f"Match {counted(counts.ready_mentors, 'mentor')} and {counted(counts.waiting_mentees, 'mentee')}",
            task_queue=MATCHING_QUEUE,
            **options.PAGES,
        )
        tried = (0, 0) if found.proposed else (counts.ready_mentors, counts.waiting_mentees)
        self._set(run=found.run, tried=tried)

    async def _announce(self) -> None:
        await workflow.execute_activity_method(
            PersistenceActivities.announce_matches,
            self._now().start.plan.cohort,
            summary="Announce approved matches",
            **options.PAGES,
        )

    async def _ask_review(self) -> None:
        state = self._now()
        cohort = state.start.plan.cohort
        notices = QueueNotices(
            scope=cohort.workflow_id,
            revision=state.run,
            at=clock.now(state.start.clock),
            programme=cohort.programme,
            region=cohort.region,
            notices=(Notice(template=Template.MATCHES_TO_REVIEW, to=Recipient.OPS),),
        )
        await workflow.execute_activity_method(
            PersistenceActivities.queue_notices, notices, summary="Ask ops to review", **options.RECORD
        )
        self._set(told=state.run)

    async def _decide(self, decision: MatchDecision) -> CohortCounts:
        async with self.deciding:
            return await workflow.execute_activity_method(
                PersistenceActivities.decide_matches,
                args=[self._now().start.plan.cohort, decision],
                summary="Decide about matches",
                **options.RECORD,
            )

    async def _wait(self) -> None:
        """Until ops decide, or the next programme day, but never more often than every five seconds."""
        state = self._now()
        workflow.set_current_details(cohort_details(state, self.inbox.refused))
        info = workflow.info()
        if info.get_current_history_length() > options.EVENTS_PER_RUN or info.is_continue_as_new_suggested():
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(CohortCarry(state=self._now(), refused=tuple(self.inbox.refused)))
        poll = max(SHORTEST_POLL, timedelta(days=1) / state.start.clock.pace)
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(lambda: self.woken, timeout=poll, timeout_summary="Look again")
        self.woken = False

    async def _close(self) -> None:
        state = self._now()
        plan = state.start.plan
        evidence = await workflow.execute_activity_method(
            PersistenceActivities.close_cohort, plan, summary="Close and weigh the evidence", **options.RECORD
        )
        workflow.set_current_details(cohort_details(self._now(), self.inbox.refused))
        programme = workflow.get_external_workflow_handle(programme_workflow_id(plan.cohort.programme))
        try:
            await programme.signal("cohort_closed", CohortClosed(evidence=evidence))
        except ApplicationError:
            workflow.logger.warning("no programme hears that the cohort closed")

    def _now(self) -> CohortState:
        assert self.state is not None  # `run` ends at once without a valid start
        return self.state

    def _set(self, **changes: object) -> None:
        self.state = self._now().model_copy(update=changes)

    @workflow.update(name="approve_matches", description=describe(MatchDecision).replace("{}", '{"all": true}'))
    async def approve_matches(self, *args: Any) -> CohortCounts:
        decision = read(MatchDecision, args, strict=True)
        try:
            counts = await self._decide(decision)
        except ActivityError as error:
            cause = error.cause
            text = cause.message if isinstance(cause, ApplicationError) else "the decision could not be written down"
            raise ApplicationError(f"approve_matches: {text}", type="Refused", non_retryable=True) from None
        if decision.refuse:
            self._set(tried=(0, 0))
        self.woken = True
        return counts

    @approve_matches.validator
    def _approve_matches_fits(self, *args: Any) -> None:
        try:
            decision = read(MatchDecision, args, strict=True)
        except Refusal as why:
            raise ApplicationError(f"approve_matches: {why}", type="Refused", non_retryable=True) from None
        if self.state is None or self.state.phase != "run":
            raise ApplicationError("approve_matches: the cohort is not running", type="Refused", non_retryable=True)
        if not (decision.all or decision.approve or decision.refuse):
            text = 'approve_matches: nothing is decided; allowed: {"all": true}, or ids in approve and refuse'
            raise ApplicationError(text, type="Refused", non_retryable=True)

    @workflow.signal(dynamic=True)
    def anything_else(self, name: str, args: Sequence[RawValue]) -> None:
        unknown_signal(self.inbox, name, args, ("(none)",))

    @workflow.query(name="state", description="The cohort's whole state: counts, phase, plan.")
    def query_state(self, *args: Any) -> CohortState | None:
        return self.state
