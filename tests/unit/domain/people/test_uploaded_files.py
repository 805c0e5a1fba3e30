"""What becomes of an uploaded people file, change by change."""

import pytest

from domain.people.uploaded_files import (
    LARGEST_QUEUE,
    TooManyImports,
    begun,
    confirmed,
    ended,
    make_room,
    reported,
    same_file,
    settled,
    stopped,
    tried_again,
    waiting,
)
from schemas.people import ImportPreview, ImportStep, RowProblem
from schemas.records.people_files import ImportStage, PeopleFile, PeopleFileEnd

UNDER_WAY, PREVIEWED, IMPORTED, STOPPED, FAILED = ImportStage
GOOD = ImportPreview(added=2)
WRONG = ImportPreview(problems=(RowProblem(line=2, column="email", what="none"),))
REFUSED = ImportPreview(absent=30, leaving=True, refused="30 would leave")
LEAVING = ImportPreview(absent=3, leaving=True)


def a_file(
    stage: ImportStage = UNDER_WAY, number: int = 1, **fields: object
) -> PeopleFile:
    found = GOOD if stage is PREVIEWED else None
    file = PeopleFile(name=f"{number:032x}", stage=stage, found=found)
    return file.having(**fields)


def stage_of(file: PeopleFile | None) -> ImportStage | None:
    return file.stage if file else None


WRITTEN = a_file(writes=True, step=ImportStep.WRITTEN)
EVERY = {
    "under way": a_file(),
    "being kept": WRITTEN,
    "previewed": a_file(PREVIEWED),
    "wrong": a_file(PREVIEWED, found=WRONG),
    "imported": a_file(IMPORTED),
    "stopped": a_file(STOPPED),
    "failed": a_file(FAILED),
}


@pytest.mark.parametrize(
    ("state", "begins", "stops", "confirms", "again", "fails", "cancels", "readable"),
    [
        ("under way", UNDER_WAY, STOPPED, None, None, FAILED, STOPPED, True),
        ("being kept", UNDER_WAY, None, None, None, FAILED, STOPPED, True),
        ("previewed", None, None, UNDER_WAY, None, None, STOPPED, True),
        ("wrong", None, None, None, None, None, None, False),
        ("imported", None, None, None, None, None, None, False),
        ("stopped", None, None, None, None, None, None, False),
        ("failed", None, None, None, UNDER_WAY, None, STOPPED, True),
    ],
)  # None: it stays as it is
def test_each_change_is_made_where_it_makes_sense(
    state: str,
    begins: ImportStage | None,
    stops: ImportStage | None,
    confirms: ImportStage | None,
    again: ImportStage | None,
    fails: ImportStage | None,
    cancels: ImportStage | None,
    readable: bool,
) -> None:
    file = EVERY[state]
    failure = PeopleFileEnd(file=file.name, stage=FAILED)
    cancelled = PeopleFileEnd(file=file.name, stage=STOPPED)
    assert [
        stage_of(changed)
        for changed in (
            begun(file),
            stopped(file),
            confirmed(file, None),
            tried_again(file),
            ended(file, failure),
            ended(file, cancelled),
        )
    ] == [begins, stops, confirms, again, fails, cancels]
    assert file.readable is readable


@pytest.mark.parametrize(
    ("writes", "found", "stage", "leavers"),
    [
        (False, GOOD, PREVIEWED, "few"),
        (False, WRONG, PREVIEWED, "few"),
        (False, REFUSED, PREVIEWED, "few"),  # their number is typed
        (False, LEAVING, PREVIEWED, 3),  # no more than the preview showed
        (True, GOOD, IMPORTED, "few"),
        (True, WRONG, PREVIEWED, "few"),  # people changed meanwhile
        (True, REFUSED, PREVIEWED, "few"),
    ],
)
def test_what_was_found_decides_what_becomes_of_it(
    writes: bool, found: ImportPreview, stage: ImportStage, leavers: int | str
) -> None:
    file = settled(a_file(writes=writes, leavers="few"), found, wrote=writes)
    assert file is not None
    assert (file.stage, file.leavers, file.writes) == (
        stage,
        leavers,
        stage is IMPORTED,
    )
    assert file.found == (None if stage is IMPORTED else found)


@pytest.mark.parametrize(
    "file", [a_file(STOPPED), a_file(IMPORTED), a_file(writes=True)]
)
def test_a_worker_that_comes_late_changes_nothing(file: PeopleFile) -> None:
    assert settled(file, GOOD, wrote=False) is None
    assert settled(a_file(), GOOD, wrote=True) is None


def test_a_typed_number_of_leavers_holds_instead_of_the_one_shown() -> None:
    file = a_file(PREVIEWED, leavers=3)
    assert [getattr(confirmed(file, typed), "leavers", "") for typed in (None, 4)] == [
        3,
        4,
    ]


def test_progress_of_a_stopped_file_tells_its_worker_to_stop() -> None:
    step = (ImportStep.READ, 5, 9)
    assert reported(a_file(STOPPED), *step) is None
    assert (there := reported(a_file(), *step)) and there.read == 5


def test_the_same_file_is_previewed_once_and_imported_again() -> None:
    under_way = a_file(digest="d")
    assert same_file([under_way], "d") == under_way
    assert same_file([a_file(digest="e")], "d") is None
    assert same_file([a_file(digest="d", writes=True)], "d") is None
    assert same_file([a_file(PREVIEWED, digest="d")], "d") is None


@pytest.mark.parametrize(
    ("stages", "goes"),
    [
        ([PREVIEWED] * (LARGEST_QUEUE - 1), None),
        ([PREVIEWED, PREVIEWED, IMPORTED, UNDER_WAY], 2),
        ([UNDER_WAY, PREVIEWED, PREVIEWED, UNDER_WAY], 1),
        ([FAILED, PREVIEWED, STOPPED, UNDER_WAY], 0),
    ],
)
def test_room_is_made_where_nobody_may_still_confirm(
    stages: list[ImportStage], goes: int | None
) -> None:
    files = [a_file(stage, number) for number, stage in enumerate(stages)]
    assert make_room(files) == (None if goes is None else files[goes])


def test_nothing_makes_room_while_all_are_under_way() -> None:
    with pytest.raises(TooManyImports):
        make_room([a_file()] * LARGEST_QUEUE)


def test_people_are_led_to_what_waits_for_them() -> None:
    there = waiting([*EVERY.values()])
    assert there == [
        EVERY[name] for name in ("under way", "being kept", "previewed", "failed")
    ]
