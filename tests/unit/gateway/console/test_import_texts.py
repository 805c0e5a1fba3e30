"""How far a people file is: in words, as a share, and as a list of steps."""

import pytest

from gateway.console.import_texts import percent, progress_text, steps
from schemas.people import ImportStep
from schemas.records.people_files import PeopleFile

READ, CHECKED, COMPARED, WRITTEN = ImportStep


def an_import(
    step: ImportStep | None,
    read: int = 1000,
    lines: int = 1000,
    *,
    writes: bool = True,
    silent: float = 0,
) -> PeopleFile:
    return PeopleFile(
        name="f" * 32,
        step=step,
        read=read,
        lines=lines,
        writes=writes,
        silent_seconds=silent,
    )


@pytest.mark.parametrize(
    ("one", "words", "share", "marks"),
    [
        (an_import(None, 0, 0), "It waits for its turn", 0, "...."),
        (an_import(None, 0, 0, silent=6), "It waits for a worker", 0, "...."),
        (an_import(READ, 500, silent=5), "500 of 1,000 lines read.", 25, ">..."),
        (an_import(READ, 0), "0 of 1,000 lines read.", 0, ">..."),
        (an_import(READ, 500), "500 of 1,000 lines read.", 25, ">..."),
        (an_import(READ), "now they are checked against each other", 50, "x>.."),
        (an_import(READ, 0, 1), "0 of 1 line read.", 0, ">..."),
        (an_import(READ, 0, 0), "0 lines read; now", 0, "x>.."),
        (an_import(CHECKED), "now they are compared", 58, "xx>."),
        (an_import(COMPARED), "now they are being written", 68, "xxx>"),
        (an_import(WRITTEN), "can no longer be stopped", 96, "xxxx"),
        (an_import(READ, 500, writes=False), "500 of 1,000 lines read.", 40, ">.."),
        (an_import(COMPARED, writes=False), "now the preview is made", 98, "xxx"),
    ],
)  # x is done, > is being done
def test_each_step_is_shown(
    one: PeopleFile, words: str, share: int, marks: str
) -> None:
    shown = "".join(
        "x" if step.done else ">" if step.now else "." for step in steps(one)
    )
    assert words in progress_text(one)
    assert (percent(one), shown) == (share, marks)
