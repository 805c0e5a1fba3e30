"""A change that would freeze many pairs is put before ops first."""

import pytest

from activities.persistence.store import Store
from tests.integration.persistence.matching.crowd import SIZE, Crowd
from tests.support.world import (
    COMEX,
)


@pytest.fixture
async def crowd(store: Store) -> Crowd:
    made = Crowd(store)
    await made.open()
    for n in range(SIZE):
        await made.put_pair(n)
    return made


async def test_a_change_that_would_freeze_many_is_held_and_signalled_after_its_release(
    crowd: Crowd,
) -> None:
    found = await crowd.look(1, 2, 3)
    counts = await crowd.store.cohorts.counts(COMEX)
    assert (found.held, found.hold, counts.guard_held, counts.guard_to_notify) == (
        3,
        1,
        3,
        0,
    )
    assert await crowd.store.guard.decide(COMEX, accept=True, reason="reorganised") == 3
    assert await crowd.signal() == [(n, "too_close") for n in (1, 2, 3)]


async def test_a_dismissed_change_is_not_asked_about_again_until_it_was_corrected(
    crowd: Crowd,
) -> None:
    await crowd.look(1, 2, 3)
    await crowd.store.guard.decide(COMEX, accept=False, reason="wrong_feed")
    assert ((await crowd.look(1, 2, 3, 4)).held, await crowd.signal()) == (
        0,
        [(4, "too_close")],
    )
    assert ((await crowd.look()).held, await crowd.signal()) == (
        0,
        [(4, "apart_again")],
    )
    assert (
        (await crowd.look(1, 2, 3)).held,
        (await crowd.store.cohorts.counts(COMEX)).guard_held,
    ) == (3, 3)


async def test_ops_are_asked_once_about_a_change_that_grows_and_no_more_when_it_shrinks(
    crowd: Crowd,
) -> None:
    found = [
        await crowd.look(1, 2, 3),
        await crowd.look(1, 2, 3, 4),
        await crowd.look(1),
    ]
    assert [(f.held, f.hold) for f in found] == [(3, 1), (4, 1), (0, 1)]
    assert await crowd.signal() == [(1, "too_close")]
    assert (await crowd.look(1, 2, 3, 4)).hold == 2


async def test_changes_that_come_bit_by_bit_are_held_as_one_would_be(
    crowd: Crowd,
) -> None:
    for n in (1, 2):
        assert (await crowd.look(*range(1, n + 1))).held == 0
        await crowd.signal()
        await crowd.put_pair(n, 2, frozen=True)
    assert ((await crowd.look(1, 2, 3)).held, await crowd.signal()) == (1, [])


async def test_changes_in_a_row_are_held_before_their_pairs_are_signalled(
    crowd: Crowd,
) -> None:
    looks = [await crowd.look(*range(1, n + 1)) for n in (1, 2, 3)]
    assert ([look.held for look in looks], await crowd.signal()) == (
        [0, 0, 1],
        [(1, "too_close"), (2, "too_close")],
    )


async def test_pairs_that_go_on_again_do_not_count_towards_the_next_change(
    crowd: Crowd,
) -> None:
    for n in (1, 2):
        await crowd.look(*range(1, n + 1))
        await crowd.signal()
        await crowd.put_pair(n, 2, frozen=True)
        await crowd.put_pair(n, 3)
    assert ((await crowd.look(1, 2, 3)).held, await crowd.signal()) == (
        0,
        [(3, "too_close")],
    )


async def test_after_a_release_the_next_change_counts_by_itself(crowd: Crowd) -> None:
    await crowd.look(1, 2, 3)
    await crowd.store.guard.decide(COMEX, accept=True, reason="reorganised")
    await crowd.signal()
    for n in (1, 2, 3):
        await crowd.put_pair(n, 2, frozen=True)
    assert ((await crowd.look(1, 2, 3, 4)).held, await crowd.signal()) == (
        0,
        [(4, "too_close")],
    )
