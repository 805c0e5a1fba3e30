"""Whatever an outsider may send, in any place, and one live run of every workflow to send it to."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from temporalio import activity
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHandle
from temporalio.common import RawValue
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.programme.plan import plan_of
from schemas.cohort import CohortCounts, CohortStart
from schemas.effects import (
    Directives,
    RecordBatch,
    RefusedBatch,
    RefusedMessage,
)
from schemas.handlers import HANDLERS, SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW
from schemas.ids import MATCHING_QUEUE, NOTIFICATIONS_QUEUE, TASK_QUEUE
from schemas.programme import ProgrammeDocument, ProgrammePlan
from schemas.records.people_files import ImportStage, PeopleFileChanged
from schemas.stages import Stage
from tests.replay.sandbox import workflow_runner
from tests.workflows.test_pair import PAIR, start
from workers.build import WORKFLOWS
from workers.converter import data_converter
from workflows.reading import MessageRefused, read

FILE = "f" * 32
SECRET = "Zoe Nonsense"
"""Stands in all of it where it can; it must come out nowhere."""


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def nested(depth: int) -> bytes:
    return b'{"session":' * depth + b"1" + b"}" * depth


NONSENSE: dict[str, list[Any]] = {
    "nothing": [],
    "null": [None],
    "empty text": [""],
    "text": [SECRET],
    "a number": [42],
    "a list": [[SECRET]],
    "true": [True],
    "two payloads": [{"reason": "a"}, {"reason": SECRET}],
    "a lone brace": [raw(b"{")],
    "bytes": [raw(b"\xff\xfe\x00", b"json/plain")],
    "an unknown encoding": [raw(SECRET.encode(), b"binary/odd")],
    "no encoding": [RawValue(Payload(data=SECRET.encode()))],
    "an encrypted payload": [raw(SECRET.encode(), b"binary/encrypted")],
    "a protobuf": [raw(b"\x0a\x03abc", b"binary/protobuf")],
    "1 MB of text": [raw(b'"' + b"x" * 1_000_000 + b'"')],
    "1 MB in a field": [raw(b'{"reason":"' + b"x" * 1_000_000 + b'"}')],
    "deeply nested lists": [raw(b"[" * 50_000 + b"]" * 50_000)],
    "deeply nested objects": [raw(nested(20_000))],
    "not a number": [raw(b'{"session":NaN,"check":NaN,"sequence":-Infinity}')],
    "a lone surrogate": [
        raw(b'{"reason":"\\ud800","side":"\\ud800","module":"\\udfff"}')
    ],
    "a lone surrogate for a name": [raw(b'{"\\ud800":1}')],
    "right-to-left marks": [{"reason": "\u202eegassem\u202c", "side": "\u200fmentor"}],
    "a date without a zone": [
        {"session": 1, "sequence": 0, "answer": "yes", "start": "2027-01-11T09:00:00"}
    ],
    "a time outside the calendar": [
        {
            "session": 1,
            "sequence": 0,
            "answer": "yes",
            "start": "9999-12-31T23:59:59-14:00",
        }
    ],
    "a number beyond counting": [raw(b'{"session":' + b"9" * 400 + b',"check":1e999}')],
}


def wrong_in(model: type[BaseModel]) -> dict[str, list[Any]]:
    """Each field of a model of the wrong type, and one that it does not have."""
    fields = {
        f"{name} of the wrong type": [{name: {SECRET: 1}}]
        for name in model.model_fields
    }
    return {**fields, "an unknown field": [{SECRET: SECRET, "sesion": 1}]}


class Offices:
    """One activity for all: what is recorded or kept is remembered, and everything else is answered at rest."""

    def __init__(self, plan: ProgrammePlan) -> None:
        self.plan = plan
        self.kept: list[RefusedMessage] = []

    @activity.defn(dynamic=True)
    async def anything(self, args: Sequence[RawValue]) -> Any:
        given = [json.loads(arg.payload.data) for arg in args if arg.payload.data]
        match activity.info().activity_type:
            case "record":
                self.kept += RecordBatch.model_validate(given[0]).refused
                return Directives()
            case "record_refused_messages":
                self.kept += RefusedBatch.model_validate(given[0]).refused
            case "claim_programme":
                return self.plan
            case "check_programme":
                return {"programme": "ours", "ok": True, "regions": [], "plans": []}
            case "cohort_counts" | "decide_matches":
                return CohortCounts(pairs=1, stages={Stage.TRAINING: 1})
            case "deliver_notices":
                await activity.wait_for_cancelled()
            case "reconcile":
                return {}
            case "import_people_file":
                return ImportStage.PREVIEWED
        return None

    def workers(self, environment: WorkflowEnvironment) -> list[Worker]:
        return [
            Worker(
                environment.client,
                task_queue=queue,
                workflows=WORKFLOWS if queue == TASK_QUEUE else (),
                activities=[self.anything],
                workflow_runner=workflow_runner(),
            )
            for queue in (TASK_QUEUE, MATCHING_QUEUE, NOTIFICATIONS_QUEUE)
        ]


def document(now: datetime, *more: dict[str, Any]) -> dict[str, Any]:
    return {
        "programme": "ours",
        "starts_on": now.date().isoformat(),
        "regions": [{"region": "comex"}, *more],
    }


def plan_at(now: datetime, *more: dict[str, Any]) -> ProgrammePlan:
    """The plan of comex, and of `more` regions."""
    checked = ProgrammeDocument.model_validate(document(now, *more))
    plan, problems = plan_of(checked, now)
    assert plan is not None, problems
    return plan


async def live(
    kind: str, environment: WorkflowEnvironment, plan: ProgrammePlan
) -> WorkflowHandle[Any, Any]:
    """A run of a workflow type, under the id that it has in real life."""
    now = await environment.get_current_time()
    cohort = plan.cohorts[0]
    starts: dict[str, tuple[str, Any]] = {
        "PairWorkflow": (PAIR.workflow_id, await start(environment)),
        "CohortWorkflow": (
            cohort.cohort.workflow_id,
            CohortStart(plan=cohort, clock=plan.clock, opens_at=now),
        ),
        "ProgrammeWorkflow": ("programme:ours", document(now)),
        "DeliveryWorkflow": ("delivery:mail", "mail"),
        "PeopleImportWorkflow": ("people_import:" + FILE, {"file": FILE}),
    }
    workflow_id, given = starts[kind]
    return await environment.client.start_workflow(
        kind, given, id=workflow_id, task_queue=TASK_QUEUE
    )


MODELS: dict[str, dict[str, type[BaseModel]]] = {
    **{
        f"{kind.title()}Workflow": {
            **SIGNALS_BY_WORKFLOW[kind],
            **UPDATES_BY_WORKFLOW[kind],
        }
        for kind in HANDLERS
    },
    "DeliveryWorkflow": {},
    "ReconcilerWorkflow": {},
    "RetentionWorkflow": {},
    "PeopleImportWorkflow": {"file_changed": PeopleFileChanged},
}


def refused(model: type[BaseModel], args: list[Any], *, strict: bool) -> bool:
    """Whether a handler has to refuse it: some nonsense is sense to a handler that needs nothing."""
    payloads = data_converter.payload_converter.to_payloads(args)
    try:
        read(
            model,
            data_converter.payload_converter.from_payloads(payloads),
            strict=strict,
        )
    except MessageRefused:
        return True
    return False
