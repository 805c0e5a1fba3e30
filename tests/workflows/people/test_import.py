"""A people file's workflow: what it has done, when it forgets, and that a failure can be tried again."""

from datetime import timedelta
from itertools import repeat

from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from schemas.records.people_files import ImportStage, PeopleFileEnd
from tests.replay.import_stories import FILE, start_import, until_ended
from tests.replay.import_stories import IMPORT as WORKFLOW
from tests.replay.rollouts import at_work, rest
from workflows import options

UNAVAILABLE = ApplicationError("no", type="DatabaseUnavailable")
ATTEMPTS = options.IMPORT["retry_policy"].maximum_attempts


async def test_a_preview_waits_for_its_confirmation_and_is_imported(
    skipping: WorkflowEnvironment,
) -> None:
    async with at_work(skipping) as offices:
        handle = await start_import(offices)
        await rest(offices, WORKFLOW)
        await handle.signal("file_changed", {})
        assert await handle.result() == "imported"


async def test_a_preview_that_nobody_confirms_is_forgotten_after_an_hour(
    skipping: WorkflowEnvironment,
) -> None:
    async with at_work(skipping) as offices:
        handle = await start_import(offices)
        assert await handle.result() == "forgotten"
        found = await handle.describe()
    assert found.close_time is not None
    spent = found.close_time - found.start_time
    assert timedelta(hours=1) <= spent < timedelta(hours=1, minutes=1)


async def test_what_was_confirmed_in_the_last_moment_is_not_forgotten(
    skipping: WorkflowEnvironment,
) -> None:
    async with at_work(skipping) as offices:
        offices.forgets = iter([False])
        assert await (await start_import(offices)).result() == "imported"


async def test_a_long_outage_is_written_down_and_the_file_can_be_tried_again(
    skipping: WorkflowEnvironment,
) -> None:
    async with at_work(skipping) as offices:
        offices.import_failures = repeat(UNAVAILABLE, ATTEMPTS)
        offices.stages = iter([ImportStage.IMPORTED])
        handle = await start_import(offices)
        await until_ended(offices, 1)
        await rest(offices, WORKFLOW, stuck=1)  # it failed
        await handle.signal("file_changed", {})
        assert await handle.result() == "imported"
    assert offices.ends == [
        PeopleFileEnd(file=FILE, stage=ImportStage.FAILED, database_unavailable=True)
    ]


async def test_a_short_outage_is_no_failure(skipping: WorkflowEnvironment) -> None:
    async with at_work(skipping) as offices:
        offices.import_failures = repeat(UNAVAILABLE, ATTEMPTS - 1)
        offices.stages = iter([ImportStage.IMPORTED])
        assert await (await start_import(offices)).result() == "imported"
    assert offices.ends == []


async def test_one_that_is_cancelled_in_the_web_ui_is_stopped(
    skipping: WorkflowEnvironment,
) -> None:
    async with at_work(skipping) as offices:
        handle = await start_import(offices)
        await rest(offices, WORKFLOW)
        await handle.cancel()
        assert await handle.result() == "stopped"
    assert [end.stage for end in offices.ends] == [ImportStage.STOPPED]
