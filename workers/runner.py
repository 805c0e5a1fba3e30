"""How workflows run: without the SDK's sandbox.

It guards only modules that it loads anew for each run, and all but the classes of the
workflows were passed through anyway; a cached pair took 60 % more memory with it, and a
replay a fifth more time. Tests run the same workflows inside it, so that what is not
deterministic fails there (`tests/replay/sandbox.py`).
"""

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner


def workflow_runner() -> WorkflowRunner:
    return UnsandboxedWorkflowRunner()
