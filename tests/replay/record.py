"""`make histories`: plays every story and keeps the histories as those of the release under way."""

import asyncio
import logging
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from tests.replay.histories import FOLDER, ROOT, release, released, written
from tests.replay.import_stories import IMPORT_STORIES
from tests.replay.life import a_life
from tests.replay.pairs import STORIES
from tests.replay.rollouts import ROLLOUTS, at_work
from tests.support.temporal_servers import skipping_server
from tests.support.waiting import LONGEST_WAIT_SECONDS

OTHERS = {**ROLLOUTS, **IMPORT_STORIES}
"""Stories of everything but pairs."""


async def main() -> None:
    if released((ROOT / "CHANGELOG.md").read_text(), release()):
        sys.exit(
            f"{release()} is released: its histories stay as they are. Raise the version in pyproject.toml first."
        )
    # Stories fail on purpose, which reads like a fault.
    logging.getLogger("temporalio").setLevel(logging.CRITICAL)
    folder = FOLDER / release()
    with TemporaryDirectory() as temporary:
        files = [
            file for name in STORIES for file in await _pair(Path(temporary), name)
        ]
        files += [
            file for name in OTHERS for file in await _rollout(Path(temporary), name)
        ]
        size = sum(file.stat().st_size for file in files)
        _replace(folder, files)
    where = folder.relative_to(ROOT)
    print(f"{len(files)} histories of {release()}, {size // 1024} KiB, in {where}")  # noqa: T201


def _replace(folder: Path, files: list[Path]) -> None:
    """Replace all histories at once, after every story has succeeded."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for file in files:
        shutil.copyfile(file, folder / file.name)


async def _pair(folder: Path, name: str) -> list[Path]:
    async with (
        asyncio.timeout(LONGEST_WAIT_SECONDS),
        skipping_server() as environment,
        a_life(environment) as life,
    ):
        await STORIES[name](life)
        if name != "suspended-and-resumed":
            await life.rest()
        runs = await _runs(
            environment, life.handle.id, life.handle.first_execution_run_id
        )
    return list(written(folder, f"pair-{name}", runs))


async def _rollout(folder: Path, name: str) -> list[Path]:
    files: list[Path] = []
    async with (
        asyncio.timeout(LONGEST_WAIT_SECONDS),
        skipping_server() as environment,
        at_work(environment) as offices,
    ):
        for title, workflow_id in await OTHERS[name](offices):
            latest = await environment.client.get_workflow_handle(
                workflow_id
            ).fetch_history()
            first = latest.events[
                0
            ].workflow_execution_started_event_attributes.first_execution_run_id
            files += written(
                folder, title, await _runs(environment, workflow_id, first)
            )
    return files


async def _runs(
    environment: WorkflowEnvironment, workflow_id: str, run_id: str | None
) -> list[WorkflowHistory]:
    """Every run of a chain, the first one first."""
    runs: list[WorkflowHistory] = []
    while run_id:
        history = await environment.client.get_workflow_handle(
            workflow_id, run_id=run_id
        ).fetch_history()
        runs.append(history)
        run_id = history.events[
            -1
        ].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return runs


if __name__ == "__main__":
    asyncio.run(main())
    sys.stdout.flush()
    os._exit(
        0
    )  # the SDK may crash while the interpreter ends, and its exit code would lie
