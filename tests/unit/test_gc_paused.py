"""The search for rings of objects rests while somebody matches, and never longer."""

import gc

import pytest

from activities.importing.gc_paused import gc_paused


def test_it_goes_on_when_the_last_of_several_ends() -> None:
    one, other = gc_paused(), gc_paused()
    with one:
        other.__enter__()
    assert not gc.isenabled()
    other.__exit__(None, None, None)
    assert gc.isenabled()


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="wrong"), gc_paused():
        raise ValueError("wrong")
    assert gc.isenabled()
