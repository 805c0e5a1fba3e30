"""Who is not in a people file has left only when that is likely, or confirmed."""

import pytest

from domain.people.leavers import refuse_leavers
from schemas.people import ImportPreview

CASES = [
    # absent, present, what was confirmed: refused
    (0, 100, "", False),
    (10, 100, "", False),
    (11, 100, "", True),
    (11, 100, 11, False),
    (11, 100, 10, True),
    (3, 100, 4, True),
]


@pytest.mark.parametrize(("absent", "present", "leavers", "refused"), CASES)
def test_more_than_one_in_ten_leaves_only_when_somebody_confirms_how_many(
    absent: int, present: int, leavers: int | str, refused: bool
) -> None:
    preview = ImportPreview(absent=absent, present=present)
    assert bool(refuse_leavers(preview, leavers)) == refused
