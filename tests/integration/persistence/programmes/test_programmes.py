"""One row holds a programme's code."""

import pytest

from activities.persistence.store import Store
from schemas.programme import ProgrammePlan
from schemas.rollout import ProgrammeState, RegionState
from schemas.time.clock import Clock
from tests.support.world import AT, document, plan

OWN = "programme:pilot"


def state(made: ProgrammePlan, status: str, revision: int = 1) -> ProgrammeState:
    regions = tuple(
        RegionState(plan=cohort, status=status, ticked=("works_council",))
        for cohort in made.cohorts
    )
    return ProgrammeState(plan=made, now=AT, revision=revision, regions=regions)


async def test_a_retry_gets_the_plan_of_the_first_claim(store: Store) -> None:
    first = await store.programmes.claim(document(), plan(), OWN)
    later = plan().model_copy(
        update={"clock": Clock(programme_epoch=AT, wall_epoch=AT, pace=2)}
    )
    assert await store.programmes.claim(document(), later, OWN) == first


@pytest.mark.parametrize(
    ("changes", "workflow_id"),
    [({"sender": "other"}, OWN), ({}, "typed-by-somebody")],
    ids=["document", "workflow"],
)
async def test_another_document_or_workflow_does_not_get_the_code(
    store: Store, changes: dict[str, str], workflow_id: str
) -> None:
    await store.programmes.claim(document(), plan(), OWN)
    assert (
        await store.programmes.claim(document(**changes), plan(), workflow_id) is None
    )


async def test_a_programme_that_has_ended_is_not_begun_again(store: Store) -> None:
    await store.programmes.claim(document(), plan(), OWN)
    await store.programmes.save_state(state(plan(), "closed"))
    assert await store.programmes.claim(document(), plan(), OWN) is None


async def test_the_clock_is_that_of_the_claim(store: Store) -> None:
    made = plan(rehearsal={"pace": 1000})
    await store.programmes.claim(document(rehearsal={"pace": 1000}), made, OWN)
    assert await store.programmes.clock("pilot") == made.clock


async def test_an_older_state_does_not_overwrite_a_newer_one(store: Store) -> None:
    await store.programmes.claim(document(), plan(), OWN)
    await store.programmes.save_state(state(plan(), "open", revision=2))
    await store.programmes.save_state(state(plan(), "waiting", revision=1))
    assert await store.programmes.state("pilot") == state(plan(), "open", revision=2)


async def test_programmes_are_listed(store: Store) -> None:
    await store.programmes.claim(document(), plan(), OWN)
    assert await store.programmes.codes() == ["pilot"]
    assert await store.programmes.plan("pilot") == plan()


async def test_an_unknown_programme_is_nothing(store: Store) -> None:
    assert await store.programmes.plan("other") is None
    assert await store.programmes.clock("other") is None
    assert await store.programmes.state("other") is None
    assert await store.programmes.holder("other") is None
