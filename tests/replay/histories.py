"""The files of recorded histories: what is in them, how they are tidied, read and written."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from temporalio.client import WorkflowHistory

FOLDER = Path(__file__).parent / "histories"
ROOT = Path(__file__).parents[2]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DROPPED = frozenset(
    {"identity", "stackTrace", "taskId", "stickyTaskQueue", "workerVersion"}
)
"""What tells of the machine that recorded, or is nothing that a replay reads."""
COMPLETED = "workflowTaskCompletedEventAttributes"
FLAGS = {"coreUsedFlags": [1, 2, 3, 4], "langUsedFlags": [1]}
"""What SDK 1.35 tells a full server of how it ran, for replays to run alike; the time-skipping server drops it."""


@dataclass(frozen=True)
class Recorded:
    """One file: the history of one run."""

    path: Path

    @property
    def name(self) -> str:
        """Release and story, as `0.1/pair-paused`."""
        return self.path.relative_to(FOLDER).with_suffix("").as_posix()

    @property
    def workflow(self) -> str:
        """Type of the workflow."""
        started = self.read().events[0].workflow_execution_started_event_attributes
        return started.workflow_type.name

    def read(self) -> WorkflowHistory:
        kept = json.loads(self.path.read_text())
        return WorkflowHistory.from_json(kept["workflow"], {"events": kept["events"]})


def recorded() -> list[Recorded]:
    """Every history of every release."""
    return [Recorded(path) for path in sorted(FOLDER.glob("*/*.json"))]


def release() -> str:
    """The folder of the release under way: the first two numbers of its version."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "version"
    ]
    return ".".join(version.split(".")[:2])


def released(changelog: str, version: str) -> bool:
    """A release's heading in the changelog bears its date; that of the one under way says that it is unreleased."""
    heading = re.search(rf"^## {re.escape(version)}[. ].*$", changelog, re.MULTILINE)
    return heading is not None and "unreleased" not in heading[0]


def written(folder: Path, name: str, runs: Sequence[WorkflowHistory]) -> Iterator[Path]:
    """Write the runs of one workflow, tidied; several are numbered."""
    ids = Ids(name)
    for number, run in enumerate(runs, 1):
        path = folder / (
            f"{name}-run{number}.json" if len(runs) > 1 else f"{name}.json"
        )
        events = _tidied(run.to_json_dict()["events"], ids)
        first = next(event for event in events if COMPLETED in event)
        first[COMPLETED]["sdkMetadata"] = FLAGS
        lines = ",\n".join(
            json.dumps(event, separators=(",", ":"), sort_keys=True) for event in events
        )
        path.write_text(f'{{"workflow":"{run.workflow_id}","events":[\n{lines}\n]}}\n')
        yield path


class Ids:
    """Random ids, by numbers in their order and what the story is called: the same story has the same ones."""

    def __init__(self, story: str) -> None:
        self._story = crc32(story.encode())
        self._known: dict[str, str] = {}

    def steady(self, text: str) -> str:
        return UUID.sub(
            lambda found: self._known.setdefault(found[0], self._next()), text
        )

    def _next(self) -> str:
        return f"{self._story:08x}-0000-4000-8000-{len(self._known) + 1:012d}"


def _tidied(value: Any, ids: Ids) -> Any:
    """The same without what is of the machine that recorded."""
    if isinstance(value, dict):
        return {
            key: _tidied(each, ids) for key, each in value.items() if key not in DROPPED
        }
    if isinstance(value, list):
        return [_tidied(each, ids) for each in value]
    return ids.steady(value) if isinstance(value, str) else value
