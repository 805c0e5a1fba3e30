"""Somebody whose address changes is told at the old one, and only they."""

import pytest

from schemas.people import PersonUpdate
from schemas.records.outbox import OutboxRow
from tests.integration.persistence.people.test_updates import NOW
from tests.support.world import World, file, line


async def due(world: World) -> list[OutboxRow]:
    rows = await world.store.outbox.lease_due("mail", 10, 60)
    return [row for row in rows if row.notice.template == "address_changed"]


async def update(world: World, external_id: str, **cells: str) -> None:
    told = PersonUpdate(key="k", external_id=external_id, source="hr", cells=cells)
    await world.store.people_updates.apply([told], [], NOW)


async def test_the_notice_goes_to_the_old_address_with_the_change(world: World) -> None:
    await update(world, "BOSS", email="new@example.org")
    (row,) = await due(world)
    assert (row.person.external_id, row.person.email) == ("BOSS", "boss@example.org")
    assert (row.programme, row.region) == ("pilot", "comex")
    boss = await world.store.people.find(world.ids["BOSS"])
    assert boss and boss.email == "new@example.org"


async def test_a_people_file_tells_too(world: World) -> None:
    changed = line("ANNA", "idf", roles="mentor", supervisor="COACH", manager="LEAD")
    await world.store.imports.apply(
        file(changed.replace("anna@example.org", "a@example.org"))
    )
    assert [row.person.email for row in await due(world)] == ["anna@example.org"]


async def test_the_old_address_is_forgotten_when_the_mail_is_out(world: World) -> None:
    await update(world, "BOSS", email="new@example.org")
    (row,) = await due(world)
    await world.store.outbox.mark_sent([row.id])
    await update(world, "BOSS", email="boss@example.org")
    assert [row.person.email for row in await due(world)] == ["new@example.org"]


@pytest.mark.parametrize(
    ("external_id", "cells"),
    [
        ("BOSS", {"site": "Lyon"}),
        ("BOSS", {"email": "Boss@Example.org"}),  # the same mailbox
        ("LEAD", {"email": "new@example.org"}),  # gets no mail of any programme
    ],
)
async def test_nobody_is_written_to_without_need(
    world: World, external_id: str, cells: dict[str, str]
) -> None:
    await update(world, external_id, **cells)
    assert await due(world) == []


async def test_a_change_that_is_only_tried_tells_nobody(world: World) -> None:
    told = PersonUpdate(
        key="k", external_id="BOSS", source="hr", cells={"email": "new@example.org"}
    )
    await world.store.people_updates.apply([told], [], NOW, write=False)
    assert await due(world) == []
