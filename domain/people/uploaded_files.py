"""Changes of an uploaded people file. Each returns the file as it is afterwards; None:
nothing changes.
"""

from collections.abc import Sequence
from typing import assert_never

from schemas.people import ImportPreview, ImportStep
from schemas.records.people_files import ImportStage, PeopleFile, PeopleFileEnd

LARGEST_QUEUE = 4
"""Files that are kept at once."""


class TooManyImports(Exception):
    """All files that are kept are still being read or imported."""


class FileNotUnderWay(Exception):
    """A file was stopped, has ended or is gone: nothing was written."""


def same_file(files: Sequence[PeopleFile], digest: str) -> PeopleFile | None:
    """Returns the preview under way of the same file, read in the same way."""
    previews = (one for one in files if one.under_way and not one.writes)
    return next((one for one in previews if one.digest == digest), None)


def make_room(files: Sequence[PeopleFile]) -> PeopleFile | None:
    """Returns the file to forget before another one is kept; of these, oldest first.

    The oldest that is over, or else the oldest preview that may still be confirmed.

    Raises:
        TooManyImports: none can be.
    """
    if len(files) < LARGEST_QUEUE:
        return None
    idle = [one for one in files if not one.under_way]
    if not idle:
        raise TooManyImports
    return min(idle, key=lambda one: one.confirmable)


def waiting(files: Sequence[PeopleFile]) -> list[PeopleFile]:
    """Returns files that wait for their end, for a confirmation or to be tried again."""
    return [one for one in files if one.readable]


def begun(file: PeopleFile) -> PeopleFile | None:
    """A worker takes it up, maybe after another one that was lost."""
    if not file.under_way:
        return None
    return file.having(step=None, read=0, database_unavailable=False)


def reported(
    file: PeopleFile, step: ImportStep | None, read: int, lines: int
) -> PeopleFile | None:
    """A worker says how far it is; None: it is to stop."""
    return file.having(step=step, read=read, lines=lines) if file.under_way else None


def confirmed(file: PeopleFile, leavers: int | None) -> PeopleFile | None:
    """Somebody confirmed the preview; `leavers` is a number that they typed."""
    if not file.confirmable:
        return None
    holding = file.leavers if leavers is None else leavers
    return _under_way(file).having(writes=True, leavers=holding)


def tried_again(file: PeopleFile) -> PeopleFile | None:
    """The same file twice changes nothing, so it may be tried whatever became of it."""
    return _under_way(file) if file.stage is ImportStage.FAILED else None


def stopped(file: PeopleFile) -> PeopleFile | None:
    """Nothing is written, unless it is too late."""
    if file.past_stopping or not file.under_way:
        return None
    return file.having(stage=ImportStage.STOPPED, found=None)


def ended(file: PeopleFile, end: PeopleFileEnd) -> PeopleFile | None:
    """No worker could get it to its own end. What is over stays as it is."""
    if not file.readable or (end.stage is ImportStage.FAILED and not file.under_way):
        return None
    match end.stage:
        case ImportStage.STOPPED:
            return file.having(stage=ImportStage.STOPPED, found=None)
        case ImportStage.FAILED:
            return file.having(
                stage=ImportStage.FAILED,
                database_unavailable=end.database_unavailable,
            )
        case _:
            assert_never(end.stage)


def settled(
    file: PeopleFile, found: ImportPreview, *, wrote: bool
) -> PeopleFile | None:
    """Its preview or its import is done.

    A confirmation then holds for exactly as many leavers as the preview showed.
    """
    if not file.under_way or file.writes is not wrote:
        return None
    if wrote and not (found.problems or found.refused):
        return file.having(stage=ImportStage.IMPORTED, found=None)
    leavers = file.leavers
    if found.leaving and not (found.refused or found.problems):
        leavers = found.absent
    return file.having(
        stage=ImportStage.PREVIEWED, writes=False, found=found, leavers=leavers
    )


def _under_way(file: PeopleFile) -> PeopleFile:
    return file.having(
        stage=ImportStage.UNDER_WAY, step=None, read=0, database_unavailable=False
    )
