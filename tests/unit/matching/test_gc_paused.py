"""The search for rings of objects rests while somebody matches, and never longer."""

import gc

import pytest

from activities.matching.gc_paused import unswept


def test_it_goes_on_when_the_last_of_several_ends() -> None:
    one, other = unswept(), unswept()
    with one:
        other.__enter__()
    assert not gc.isenabled()
    other.__exit__(None, None, None)
    assert gc.isenabled()


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="wrong"), unswept():
        raise ValueError("wrong")
    assert gc.isenabled()
