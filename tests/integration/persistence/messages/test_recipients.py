"""Who gets a notice that is addressed to a role."""

import pytest

from activities.persistence.store import Store
from schemas.notices import Recipient, Template
from schemas.stages import Stage
from tests.support.world import (
    ORGANISATION,
    World,
    file,
    line,
    notice,
    record,
)


async def recipients(
    world: World, to: Recipient, mentor: str = "ANNA", mentee: str | None = "BOSS"
) -> list[str]:
    who = world.ids[mentee] if mentee else None
    await world.record(
        record(1, stage=Stage.SESSIONS, mentee=who, notices=(notice(to),)),
        mentor=mentor,
    )
    return sorted(
        row.person.external_id
        for row in await world.store.outbox.lease_due("mail", 10, 60)
    )


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (Recipient.MENTOR, ["ANNA"]),
        (Recipient.MENTEE, ["BOSS"]),
        (Recipient.DELEGATE, ["ASSISTANT"]),
        (Recipient.SUPERVISOR, ["COACH"]),
        (Recipient.OPS, ["OPS"]),
        (Recipient.SPONSOR, ["SPONSOR"]),
        (Recipient.MANAGER, []),  # held until the mentor agrees
    ],
)
async def test_a_role_is_a_person(
    world: World, to: Recipient, expected: list[str]
) -> None:
    assert await recipients(world, to) == expected


async def test_a_mentor_without_supervisor_is_the_business_of_ops(world: World) -> None:
    assert await recipients(world, Recipient.SUPERVISOR, mentor="BRUNO") == ["OPS"]


@pytest.mark.parametrize("to", [Recipient.MENTEE, Recipient.DELEGATE])
async def test_nobody_is_written_to_for_an_empty_seat(
    world: World, to: Recipient
) -> None:
    assert await recipients(world, to, mentee=None) == []


async def test_a_mentee_without_delegate_means_no_notice_to_one(world: World) -> None:
    assert await recipients(world, Recipient.DELEGATE, mentee="CFO") == []


async def test_ops_of_the_region_come_before_ops_of_another(store: Store) -> None:
    await store.imports.apply(
        ORGANISATION + line("OPS2", "idf", "ops").encode() + b"\n"
    )
    world = await World.make(store)
    assert await recipients(world, Recipient.OPS) == ["OPS"]


async def test_all_ops_of_the_region_are_written_to(store: Store) -> None:
    await store.imports.apply(file(line("OPS2", "comex", "ops")))
    world = await World.make(store)
    assert await recipients(world, Recipient.OPS) == ["OPS", "OPS2"]


async def test_the_former_mentee_is_notified_of_the_parting(world: World) -> None:
    await world.matched()
    parted = record(
        2,
        stage=Stage.MATCHING,
        refusal=world.ids["BOSS"],
        notices=(notice(Recipient.MENTEE, Template.PARTNER_CHANGED),),
    )
    await world.record(parted)
    assert [
        row.person.external_id
        for row in await world.store.outbox.lease_due("mail", 10, 60)
    ] == ["BOSS"]


async def test_a_notice_keeps_both_names_after_they_parted(world: World) -> None:
    await world.matched()
    await world.record(
        record(
            2,
            stage=Stage.MATCHING,
            refusal=world.ids["BOSS"],
            notices=(notice(Recipient.MENTOR),),
        )
    )
    (row,) = await world.store.outbox.lease_due("mail", 10, 60)
    assert row.mentee is not None
    assert row.mentee.name == "Name of BOSS"


async def test_a_word_to_the_manager_waits_for_the_mentors_agreement(
    world: World,
) -> None:
    assert await recipients(world, Recipient.MANAGER) == []
    assert await world.store.outbox.counts() == {"held": 1}
    await world.store.answers.save_offer(world.ids["ANNA"], world.pair(), "rest", True)
    assert [
        row.person.external_id
        for row in await world.store.outbox.lease_due("mail", 10, 60)
    ] == ["LEAD"]


async def test_a_word_to_the_manager_goes_out_at_once_after_agreement(
    world: World,
) -> None:
    await world.store.answers.save_offer(world.ids["ANNA"], world.pair(), "rest", True)
    assert await recipients(world, Recipient.MANAGER) == ["LEAD"]
