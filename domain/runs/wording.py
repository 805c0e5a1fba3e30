"""What the console and `binome doctor` say of a run that is not as the record has it, and what to do about it."""

from schemas.records.drift import Drift, DriftFound, DriftKind, RepairAction

_ENDED = {
    "terminated": "its run was terminated",
    "failed": "its run failed",
    "timed_out": "its run timed out",
    "canceled": "its run was cancelled half-way",
    "completed": "its run is over, and the record says that it goes on",
    "absent": "Temporal has no run of it",
}
_STUCK = {
    "workflow_task": "its workflow task keeps failing",
    "activity": "an activity of it keeps failing",
}
_MISPLACED = {
    "task_queue": "it was started on a task queue from which no worker of Binôme takes tasks, so it waits for ever",
    "workflow_type": "it was started as a workflow type that Binôme does not have, so it waits for ever",
}
_DONE = {
    RepairAction.RESTARTED: "started again from the record",
    RepairAction.TERMINATED: "the run was terminated",
    RepairAction.GIVEN_UP: "started again so often that it is left to you",
    RepairAction.RECORDED_AGAIN: "what was missing is recorded again, from its history",
    RepairAction.LOST: "recorded again as far as its history goes back; what was before is lost",
    RepairAction.BY_ITSELF: "well again by itself",
}


def drift_in_words(found: DriftFound) -> str:
    """The text of a kind: what is wrong."""
    match found.kind:
        case DriftKind.ENDED:
            return _ENDED.get(found.why, f"its run ended ({found.why})")
        case DriftKind.SUSPENDED:
            return "suspended: the record says other than it does, as after a reset"
        case DriftKind.OUTLIVED:
            return "closed on record, and a run of it went on, as after a reset"
        case DriftKind.STUCK:
            return f"stuck: {_STUCK.get(found.why, found.why)}"
        case DriftKind.BEHIND:
            return "ahead of PostgreSQL, which had lost its last transitions, as after a backup was restored"
        case DriftKind.MISPLACED:
            return _MISPLACED.get(found.why, found.why)


def repair_in_words(drift: Drift) -> str:
    """The text of what the reconciler did."""
    if drift.repair is None:
        return "nothing yet"
    return _DONE[drift.repair]


def remedy(drift: Drift) -> str:
    """The text of what somebody has to do while it is open."""
    if drift.kind is DriftKind.STUCK:
        return (
            "open the workflow in the Temporal Web UI and read why its task or activity fails, and the worker's log; "
            "a release that repairs it goes on where it was. Do not terminate it."
        )
    if drift.kind is DriftKind.MISPLACED:
        return (
            "terminate it in the Temporal Web UI and start it again, with the task queue binome and a type spelled as "
            "the console's link has it. Workflows of another application belong into a namespace of their own."
        )
    if drift.repair is RepairAction.GIVEN_UP:
        return (
            "open the workflow in the Temporal Web UI and read why its runs end; once that is repaired, "
            "it is started again within a day"
        )
    return "nothing: it is repaired at the next run of the reconciler"
