"""The sandbox in which tests run workflows, so that what is not deterministic fails here; see `workers/runner.py`."""

from temporalio.worker.workflow_sandbox import (
    SandboxedWorkflowRunner,
    SandboxRestrictions,
)

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

Without it tests take much longer, and numpy and cryptography refuse to be loaded twice.
"""


def workflow_runner() -> SandboxedWorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(restrictions=restrictions)
