"""A failure at every await of every workflow: each activity fails for good once, and the programme ends as planned."""

from typing import Any

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    SignalExternalWorkflowInput,
    StartChildWorkflowInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from activities.persistence.store import Store
from schemas.ids import TASK_QUEUE
from tests.support.whole import WholeActivities
from tests.workflows.test_waves import DOCUMENT, PEOPLE

OF_A_START = {
    "check_programme",
    "claim_programme",
    "find_mentees_without_mentor",
    "start_result",
}
"""Where a start that cannot be checked ends, and says so."""


class Failing(ActivityInboundInterceptor):
    """Lets the first call of every activity by every workflow type fail for good."""

    failed: set[tuple[str | None, str]]

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info = activity.info()
        place = (info.workflow_type, info.activity_type)
        if info.activity_type not in OF_A_START and place not in self.failed:
            self.failed.add(place)
            raise ApplicationError("SECRET", type="Fault", non_retryable=True)
        return await super().execute_activity(input)


class EachOnce(Interceptor):
    """A worker's interceptor; `failed` is where it struck."""

    def __init__(self) -> None:
        self.failed: set[tuple[str | None, str]] = set()

    def intercept_activity(
        self, next: ActivityInboundInterceptor
    ) -> ActivityInboundInterceptor:
        failing = Failing(next)
        failing.failed = self.failed
        return failing


class Unheard(WorkflowOutboundInterceptor):
    """Lets the first start of a cohort by a run, and its first signal to another workflow, fail for good."""

    def __init__(self, next: WorkflowOutboundInterceptor) -> None:
        super().__init__(next)
        self.failed = set[str]()

    async def start_child_workflow(
        self, input: StartChildWorkflowInput
    ) -> workflow.ChildWorkflowHandle[Any, Any]:
        self._fail_once(input.workflow)
        return await super().start_child_workflow(input)

    async def signal_external_workflow(
        self, input: SignalExternalWorkflowInput
    ) -> None:
        self._fail_once(input.signal)
        await super().signal_external_workflow(input)

    def _fail_once(self, what: str) -> None:
        ours = workflow.info().workflow_type in ("ProgrammeWorkflow", "CohortWorkflow")
        if ours and what not in self.failed:
            self.failed.add(what)
            raise ApplicationError("SECRET", type="Fault", non_retryable=True)


class Between(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(Unheard(outbound))


class BetweenWorkflows(Interceptor):
    """A worker's interceptor, of what workflows ask of one another."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,
    ) -> type[WorkflowInboundInterceptor]:
        return Between


async def test_a_programme_whose_every_activity_fails_for_good_once_ends_as_planned(
    skipping: WorkflowEnvironment, database_url: str
) -> None:
    store, faults = await Store.open(database_url), EachOnce()
    await store.imports.apply(PEOPLE)
    document = {**DOCUMENT, "extension": {}, "regions": [{"region": "comex"}]}
    first, second = WholeActivities(skipping, store).workers(interceptors=[faults])
    async with first, second:
        programme = await skipping.client.start_workflow(
            "ProgrammeWorkflow", document, id="programme:ours", task_queue=TASK_QUEUE
        )
        await programme.result()
        history = (await programme.fetch_history()).to_json()
    status = await store.status.find("ours")
    refused = await store.refused_messages.listing()
    await store.close()
    assert status is not None
    assert [(r.status, r.outcomes) for r in status.regions] == [
        ("closed", {"completed": 2})
    ]
    assert {kind for kind, _ in faults.failed} == {
        "ProgrammeWorkflow",
        "CohortWorkflow",
        "PairWorkflow",
    }
    asked = {"record", "find_slots", "cohort_counts", "match_cohort", "save_programme"}
    assert {name for _, name in faults.failed} >= asked
    assert {m.name for m in refused} >= asked | {"close_cohort"}
    assert "SECRET" not in str(refused) and history


async def test_a_programme_whose_cohort_cannot_be_started_or_cannot_report_at_first_ends_as_planned(
    skipping: WorkflowEnvironment, database_url: str
) -> None:
    store = await Store.open(database_url)
    await store.imports.apply(PEOPLE)
    document = {**DOCUMENT, "extension": {}, "regions": [{"region": "comex"}]}
    first, second = WholeActivities(skipping, store).workers(
        interceptors=[BetweenWorkflows()]
    )
    async with first, second:
        await skipping.client.execute_workflow(
            "ProgrammeWorkflow", document, id="programme:ours", task_queue=TASK_QUEUE
        )
    status, refused = (
        await store.status.find("ours"),
        await store.refused_messages.listing(),
    )
    await store.close()
    assert status is not None
    assert [(r.status, r.outcomes) for r in status.regions] == [
        ("closed", {"completed": 2})
    ]
    assert {m.name for m in refused if m.reason.startswith("failed")} == {
        "programme",
        "cohort",
    }
    assert "SECRET" not in str(refused)
