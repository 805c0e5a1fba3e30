"""The sandbox in which workflows run, made in one place."""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import (
    SandboxedWorkflowRunner,
    SandboxRestrictions,
)
from temporalio.workflow import Info

PASSED_THROUGH = (
    "schemas",
    "domain",
    "activities",
    "workflows.cohorts.asking",
    "workflows.clock",
    "workflows.cohorts.cohort_steps",
    "workflows.cohorts.guarding",
    "workflows.lazy_timer",
    "workflows.options",
    "workflows.pairs.pair_continue_as_new",
    "workflows.pairs.pair_details",
    "workflows.pairs.pair_restoring",
    "workflows.pairs.pair_search_attributes",
    "workflows.pausing",
    "workflows.programme_steps",
    "workflows.reading",
    "workflows.receiving",
    "workflows.refused_messages",
    "workflows.retrying",
    "workflows.cohorts.reviewing",
    "workflows.rollout_details",
    "workflows.starting",
    "workflows.stopping",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "structlog",
    "cryptography",
    "numpy",
    "scipy",
    "zoneinfo",
    "tzdata",
)
"""Loaded once a process instead of once a workflow: they are pure, or only named by workflows as references.

Without it a cached pair takes four times the memory, and numpy and cryptography refuse to be loaded twice.
"""


class WithoutContext(WorkflowInstance):
    """A sandboxed run that is not asked whose each payload is.

    The SDK enters the sandbox three times a payload to tell a codec, which cost a third of
    a replay. Our codec and converter are the same for every payload.
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        return None

    def get_external_store_context(
        self, command_info: object
    ) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


class PayloadsWithoutContext(SandboxedWorkflowRunner):
    """The SDK's sandbox; its runs are `WithoutContext`."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return WithoutContext(super().create_instance(det))


def workflow_runner() -> SandboxedWorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return PayloadsWithoutContext(restrictions)
