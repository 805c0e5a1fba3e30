"""Fakes at the activity boundary: what is recorded is kept, slots are always found, and participants answer notices."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import WorkflowUpdateStage
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from schemas.effects import Directives, FindSlots, Record, RecordBatch
from schemas.events import SlotsFound
from schemas.ids import TASK_QUEUE, PairRef
from schemas.notices import Notice, Template
from schemas.programme import CheckResult, Problem

ACCEPTED = WorkflowUpdateStage.ACCEPTED
MENTEE = "p" + "b" * 13
Play = Callable[[Notice], tuple[str, dict[str, Any]] | None]


def willing(notice: Notice) -> tuple[str, dict[str, Any]] | None:
    """Everybody says yes: the signal with which a participant answers a notice, if it asks for one."""
    session = {"session": notice.session, "attempt": notice.attempt}
    match notice.template, notice.to.value:
        case Template.MENTOR_INVITATION, _:
            return "volunteered", {"charter": True}
        case Template.READY, _:
            return "matched", {"mentee": MENTEE}
        case Template.MATCH_ANNOUNCED, side:
            return "agreed", {"side": side, "mentee": MENTEE, "charter": True}
        case Template.SESSION_PROPOSED, "mentee":
            assert notice.invite is not None
            return "answered", {
                **session,
                "sequence": notice.invite.sequence,
                "answer": "yes",
            }
        case Template.ASK_HELD, _:
            return "held", session
        case ((Template.PULSE_REQUEST | Template.FINAL_PULSE), side):
            return "pulse_received", {"session": notice.session, "pulse": side}
        case Template.CHECK_IN, _:
            return "checked_in", {"check": notice.check}
        case _:
            return None


def always_found(asked: FindSlots) -> SlotsFound:
    """The result of a search in empty agendas."""
    starts = tuple(asked.earliest + timedelta(days=d) for d in range(1, 4))
    return SlotsFound(revision=asked.revision, session=asked.session, starts=starts)


@workflow.defn
class AnswerLater:
    """A participant who answers what was queued ahead in its time, if the pair still lives then."""

    @workflow.run
    async def run(
        self, pair: str, when: datetime, signal: str, payload: dict[str, Any]
    ) -> None:
        await workflow.sleep(max(timedelta(0), when - workflow.now()))
        with contextlib.suppress(ApplicationError):
            await workflow.get_external_workflow_handle(pair).signal(signal, payload)


class PlayedActivities:
    """The pair's two activities. Records are kept by revision, so that a repeat shows."""

    def __init__(self, environment: WorkflowEnvironment, play: Play = willing) -> None:
        self.environment, self.client, self.play = environment, environment.client, play
        self.records: dict[int, Record] = {}
        self.batches: list[RecordBatch] = []

    @activity.defn
    async def record(self, batch: RecordBatch) -> Directives:
        self.batches.append(batch)
        for record in batch.records:
            if record.revision not in self.records:
                self.records[record.revision] = record
                await self._answer(batch.pair, record)
        return Directives()

    @activity.defn
    async def find_slots(self, asked: FindSlots) -> SlotsFound:
        return always_found(asked)

    async def _answer(self, pair: PairRef, record: Record) -> None:
        handle = self.client.get_workflow_handle(pair.workflow_id)
        for notice in record.notices:
            if notice.template is Template.SIGN_OFF_REQUEST:
                await handle.start_update(
                    "sign_off", {"rehearsed": True}, wait_for_stage=ACCEPTED
                )
            elif answer := self.play(notice):
                if notice.not_before is None:
                    await handle.signal(*answer)
                else:
                    await self.client.start_workflow(
                        AnswerLater.run,
                        args=[pair.workflow_id, notice.not_before, *answer],
                        id=f"later:{pair.workflow_id}:{record.revision}:{notice.template}",
                        task_queue=TASK_QUEUE,
                        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    )

    def sent(self) -> list[tuple[str, str]]:
        """(template, recipient), oldest first."""
        return [
            (n.template.value, n.to.value)
            for _, r in sorted(self.records.items())
            for n in r.notices
        ]


@activity.defn(name="check_programme")
async def nothing_known(raw: dict[str, Any]) -> CheckResult:
    """A check that finds every document wanting."""
    problem = Problem(path="document", what="nothing is known here")
    return CheckResult(programme="unknown", ok=False, problems=(problem,))
