"""ProgrammeWorkflow: one JSON document from the Web UI; rolls out region by region, wave by wave."""

import contextlib
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, WorkflowAlreadyStartedError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel

    from activities.matching.activities import MatchingActivities
    from activities.persistence.activities import PersistenceActivities
    from activities.persistence.documents import NEXT_STEP
    from schemas.base import Carried
    from schemas.cohort import CohortClosed, CohortStart, ExtendDecision, NeedTicked, ProgrammeState, RegionState
    from schemas.effects import RefusedMessage
    from schemas.ids import MATCHING_QUEUE, programme_workflow_id
    from schemas.programme import CheckResult, ProgrammePlan, StartAnswer
    from workflows import clock, options
    from workflows.cohort import CohortWorkflow
    from workflows.inbox import Inbox, Refusal, carried, describe, document, invalid_input, read, unknown_signal
    from workflows.lifecycle import rollout
    from workflows.rollout_details import programme_details, too_long


class ProgrammeCarry(Carried):
    """All that a run hands to the next one."""

    state: ProgrammeState
    refused: tuple[RefusedMessage, ...] = ()
    saved: int = -1


@workflow.defn(name="ProgrammeWorkflow")
class ProgrammeWorkflow:
    """One organisation's initiative. Started under any workflow id; it runs as `programme:CODE`."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        self.inbox = Inbox()
        self.state: ProgrammeState | None = None
        self.saved = -1
        self.woken = False
        self.early: list[CohortClosed] = []
        """Reports that changed nothing: a cohort with nobody in it can end before the news that it has begun."""
        if workflow.info().continued_run_id:
            carry = carried(ProgrammeCarry, args)
            self.state, self.inbox.refused, self.saved = carry.state, list(carry.refused), carry.saved

    @workflow.run
    async def run(self, *args: Any) -> CheckResult | StartAnswer:
        """The story of a programme; under another id: check the document, or start the programme and say where."""
        if self.state is None:
            try:
                raw = document(args)
            except Refusal as why:
                raise invalid_input(str(why)) from None
            if raw.get("check_only") is True:
                return await self._check(raw)
            if workflow.info().workflow_id != programme_workflow_id(str(raw.get("programme"))):
                return await self._start_elsewhere(raw)
            if workflow.info().parent is None:  # else the start that it came from has checked
                await self._checked(raw)
            self._begin(await self._claim(raw))
            workflow.upsert_search_attributes([options.PROGRAMME_ID.value_set(self._now().plan.programme)])
        state = self._now()
        while not state.finished:
            await self._one_round()
            state = self._now()
        await self._save()
        return await self._answer(state.plan.programme)

    async def _check(self, raw: dict[str, Any]) -> CheckResult:
        """The dated plan, who cannot be matched and what is missing; nothing is sent to anyone."""
        result = await self._read(raw)
        regions, found = list(result.regions), list(result.problems)
        for index, plan in enumerate(result.plans):
            left = await workflow.execute_activity_method(
                MatchingActivities.unmatched,
                plan,
                summary=f"Look for possible mentors in {plan.cohort.region}",
                task_queue=MATCHING_QUEUE,
                **options.PAGES,
            )
            regions[index] = regions[index].model_copy(update={"without_mentor": left.mentees})
            if left.too_long:
                found.append(too_long(raw, index, left, result.link))
        steps = {"next_step": NEXT_STEP} if found else {}
        return result.model_copy(
            update={"plans": (), "regions": tuple(regions), "problems": tuple(found), "ok": not found, **steps}
        )

    async def _checked(self, raw: dict[str, Any]) -> CheckResult:
        """The same for a start, which anything wrong ends."""
        result = await self._check(raw)
        if not result.ok:
            raise invalid_input("; ".join(str(p) for p in result.problems))
        return result

    async def _start_elsewhere(self, raw: dict[str, Any]) -> StartAnswer:
        """Whatever id somebody typed, the programme runs under its own; a second start is refused with the link."""
        result = await self._checked(raw)
        answer = await self._answer(result.programme)
        try:
            await workflow.start_child_workflow(
                "ProgrammeWorkflow",
                raw,
                id=programme_workflow_id(result.programme),
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"Programme {result.programme}",
                search_attributes=TypedSearchAttributes([SearchAttributePair(options.PROGRAMME_ID, result.programme)]),
            )
        except WorkflowAlreadyStartedError:
            raise invalid_input(f"programme: already running, {answer.link}; choose another code") from None
        return answer

    async def _read(self, raw: dict[str, Any]) -> CheckResult:
        try:
            return await workflow.execute_activity_method(
                PersistenceActivities.check_programme, raw, summary="Check the document", **options.CHECK
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            raise invalid_input("the document could not be checked; see `binome doctor`, then start it again") from None

    async def _claim(self, raw: dict[str, Any]) -> ProgrammePlan:
        try:
            return await workflow.execute_activity_method(
                PersistenceActivities.claim_programme, raw, summary="Check and claim the programme", **options.CHECK
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            cause = error.cause
            if isinstance(cause, ApplicationError) and cause.type == "InvalidInput":
                raise ApplicationError(cause.message, type="InvalidInput", non_retryable=True) from None
            raise invalid_input("the document could not be checked; see `binome doctor`, then start it again") from None

    async def _answer(self, programme: str) -> StartAnswer:
        return await workflow.execute_activity_method(
            PersistenceActivities.start_answer, programme, summary="Where to look", **options.READ
        )

    def _begin(self, plan: ProgrammePlan) -> None:
        regions = tuple(RegionState(plan=p) for p in plan.cohorts)
        self.state = ProgrammeState(plan=plan, now=clock.now(plan.clock), regions=regions)

    async def _one_round(self) -> None:
        before = self._now()
        self.state = rollout.settle(before, clock.now(before.plan.clock))
        for region, was in zip(self.state.regions, before.regions, strict=True):
            if region.status == "proposed" != was.status:
                await self._propose(region)
            if region.status == "opening":
                await self._open(region)
        if self._now().revision != self.saved:
            await self._save()
        elif not self.woken:
            await self._wait()
        self.woken = False

    async def _open(self, region: RegionState) -> None:
        state = self._now()
        cohort = region.plan.cohort
        start = CohortStart(plan=region.plan, clock=state.plan.clock, opens_at=clock.now(state.plan.clock))
        keys = (
            (options.PROGRAMME_ID, cohort.programme),
            (options.REGION, cohort.region),
            (options.COHORT, cohort.workflow_id),
        )
        try:
            await workflow.start_child_workflow(
                CohortWorkflow.run,
                start,
                id=cohort.workflow_id,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"Cohort {cohort.region}, wave {cohort.wave}",
                search_attributes=TypedSearchAttributes([SearchAttributePair(key, value) for key, value in keys]),
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("the cohort was open already")
        self.state = rollout.opened(self._now(), cohort.region)
        for closed in self.early:
            if closed.evidence.cohort == cohort and workflow.patched("ended-early"):
                self.state = rollout.cohort_closed(self.state, closed.evidence, clock.now(state.plan.clock))

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
            PersistenceActivities.save_programme, state, summary="Write down where the regions stand", **options.RECORD
        )
        self.saved = state.revision

    async def _wait(self) -> None:
        state = self._now()
        workflow.set_current_details(programme_details(state, self.inbox.refused))
        if workflow.info().get_current_history_length() > options.EVENTS_PER_RUN:
            await workflow.wait_condition(workflow.all_handlers_finished)
            carry = ProgrammeCarry(state=self._now(), refused=tuple(self.inbox.refused), saved=self.saved)
            workflow.continue_as_new(carry)
        due = rollout.next_look(state, clock.now(state.plan.clock))
        until = clock.wait(state.plan.clock, due) if due else None
        what = "Until it starts" if due == state.plan.starts_at else "Until the next wave"
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(lambda: self.woken, timeout=until, timeout_summary=what)

    def _now(self) -> ProgrammeState:
        assert self.state is not None  # `run` makes it before anything else
        return self.state

    @workflow.signal(name="cohort_closed", description="A cohort reports its end; sent by CohortWorkflow.")
    def cohort_closed(self, *args: Any) -> None:
        try:
            closed = read(CohortClosed, args)
        except Refusal as why:
            self.inbox.refuse("cohort_closed", str(why))
            return
        before = self.state
        if before is not None:
            now = clock.now(before.plan.clock)
            self.state, self.woken = rollout.cohort_closed(before, closed.evidence, now), True
        if self.state is before:
            self.early.append(closed)

    @workflow.update(name="extend", description=describe(ExtendDecision))
    def extend(self, *args: Any) -> str:
        self.state = rollout.extended(self._now(), read(ExtendDecision, args, strict=True))
        self.woken = True
        return "approved; it opens as soon as its needs are ticked"

    @extend.validator
    def _extend_fits(self, *args: Any) -> None:
        self._check_decision("extend", ExtendDecision, args, rollout.refuse_extend)

    @workflow.update(name="hold", description=describe(ExtendDecision))
    def hold(self, *args: Any) -> str:
        self.state = rollout.held_back(self._now(), read(ExtendDecision, args, strict=True))
        self.woken = True
        return "held; allowed later: extend"

    @hold.validator
    def _hold_fits(self, *args: Any) -> None:
        self._check_decision("hold", ExtendDecision, args, rollout.refuse_hold)

    @workflow.update(name="conclude", description=describe(ExtendDecision))
    def conclude(self, *args: Any) -> str:
        self.state = rollout.concluded(self._now(), read(ExtendDecision, args, strict=True))
        self.woken = True
        return "no further wave of this region is waited for"

    @conclude.validator
    def _conclude_fits(self, *args: Any) -> None:
        self._check_decision("conclude", ExtendDecision, args, rollout.refuse_conclude)

    @workflow.update(name="tick_need", description=describe(NeedTicked))
    def tick_need(self, *args: Any) -> str:
        state = self._now()
        self.state = rollout.need_ticked(state, read(NeedTicked, args, strict=True), clock.now(state.plan.clock))
        self.woken = True
        return "ticked"

    @tick_need.validator
    def _tick_fits(self, *args: Any) -> None:
        self._check_decision("tick_need", NeedTicked, args, rollout.refuse_tick)

    def _check_decision(self, name: str, model: type[BaseModel], args: Sequence[Any], refuse: Any) -> None:
        try:
            decision = read(model, args, strict=True)
        except Refusal as why:
            raise ApplicationError(f"{name}: {why}", type="Refused", non_retryable=True) from None
        why_not = (
            refuse(self.state, decision) if self.state else f"{name}: the programme has not begun; try again shortly"
        )
        if why_not:
            raise ApplicationError(why_not, type="Refused", non_retryable=True)

    @workflow.signal(dynamic=True)
    def anything_else(self, name: str, args: Sequence[RawValue]) -> None:
        unknown_signal(self.inbox, name, args, ("cohort_closed",))
        self.woken = True

    @workflow.query(name="state", description="The programme's whole state: regions, needs, evidence.")
    def query_state(self, *args: Any) -> ProgrammeState | None:
        return self.state
