"""What is recorded is worth keeping: of one release, the same each time, and nothing of whoever recorded it."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

from tests.replay.histories import released, written

RUN = "01a21be2-7c51-7ac1-927d-53ca867d9971"
HISTORY = WorkflowHistory.from_json(
    "pair:cost:comex:1:paaaaaaaaaaaaa:1",
    {
        "events": [
            {
                "eventId": "1",
                "taskId": "7",
                "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED",
                "workflowExecutionStartedEventAttributes": {
                    "originalExecutionRunId": RUN,
                    "identity": "1@machine",
                },
            },
            {
                "eventId": "2",
                "eventType": "EVENT_TYPE_WORKFLOW_TASK_COMPLETED",
                "workflowTaskCompletedEventAttributes": {"identity": "1@machine"},
            },
        ]
    },
)


@pytest.mark.parametrize(
    ("heading", "is_out"),
    [
        ("## 0.1.0 – unreleased", False),
        ("## 0.1.0 – 2027-01-11", True),
        ("## 0.10.0 – 2028-01-11", False),
        ("", False),
    ],
)
def test_a_release_is_out_when_its_heading_bears_a_date(
    heading: str, is_out: bool
) -> None:
    assert released(f"# Changelog\n\n{heading}\n\nThe first one.", "0.1") is is_out


def test_a_history_keeps_nothing_of_the_machine_and_no_random_id(
    tmp_path: Path,
) -> None:
    [file] = written(tmp_path, "pair-asleep", [HISTORY])
    kept = file.read_text()
    assert not [word for word in ("machine", "taskId", RUN) if word in kept]


def test_the_same_story_is_kept_under_the_same_ids(tmp_path: Path) -> None:
    [first], [again] = (
        [file.read_text() for file in written(tmp_path, "pair-asleep", [HISTORY])]
        for _ in range(2)
    )
    assert first == again


def test_runs_of_one_workflow_are_numbered(tmp_path: Path) -> None:
    files = [file.name for file in written(tmp_path, "pair-long", [HISTORY, HISTORY])]
    assert files == ["pair-long-run1.json", "pair-long-run2.json"]
