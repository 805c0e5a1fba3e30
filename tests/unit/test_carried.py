"""What a run takes over from the one before: read, or held until a version can read it."""

import pytest

from schemas.base import LenientModel
from workflows.reading import read_carried


class Luggage(LenientModel):
    """What is carried in these tests."""

    revision: int


def test_what_was_carried_is_read() -> None:
    assert read_carried(
        Luggage, [{"revision": 3, "of_an_older_version": True}]
    ) == Luggage(revision=3)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ([], "nothing was carried"),
        ([{}], "revision: missing"),
        (["SECRET"], "document"),
        ([{"revision": "SECRET"}], "revision"),
    ],
)
def test_carried_state_that_cannot_be_read_asks_for_a_deploy_and_quotes_nothing(
    args: list[object], why: str
) -> None:
    with pytest.raises(RuntimeError, match="deploy a version that can") as refused:
        read_carried(Luggage, args)
    assert why in str(refused.value)
    assert "SECRET" not in str(refused.value)
