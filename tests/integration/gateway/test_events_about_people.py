"""What services say of people over HTTP: checked like a people file, stored once, and heard by no pair."""

from typing import Any

import httpx
import pytest

from schemas.people import Person, Role
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.test_delivery_of_events import deliver

NEW = {"name": "New", "email": "new@example.org", "region": "idf", "manager": "LEAD"}


def event(
    name: str, subject: str, data: dict[str, Any], **envelope: Any
) -> dict[str, Any]:
    kind = f"binome.{name}.v1"
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "/hr",
        "type": kind,
        "subject": subject,
        "data": data,
        **envelope,
    }


async def send(
    site: Site, *events: dict[str, Any], dry_run: bool = False
) -> httpx.Response:
    media = "application/cloudevents-batch+json"
    headers = {"authorization": f"Bearer {site.token}", "content-type": media}
    return await site.browser.post(
        "/events", params={"dry_run": dry_run}, json=list(events), headers=headers
    )


async def who(site: Site, external_id: str) -> Person | None:
    return await site.world.store.people.find_external(external_id)


def problems(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    return [(problem["path"], problem["what"]) for problem in answer.json()["errors"]]


async def test_somebody_new_comes_by_an_event(site: Site) -> None:
    sent = await send(
        site,
        event(
            "person_upserted",
            "NEW",
            {**NEW, "roles": ["mentor", "supervisor"], "seats": 2},
        ),
    )
    await deliver(site)
    new = await who(site, "NEW")
    assert new is not None
    assert (sent.status_code, new.roles, new.seats) == (
        202,
        frozenset({Role.MENTOR, Role.SUPERVISOR}),
        2,
    )
    assert (await site.world.store.inbox.counts()) == {"delivered": 1}


async def test_a_batch_may_go_on_about_somebody_whom_it_brings_in(site: Site) -> None:
    more = (
        event("person_moved", "NEW", {"site": "Lyon"}, id="2"),
        event("manager_changed", "ANNA", {"manager": "NEW"}, id="3"),
    )
    sent = await send(site, event("person_upserted", "NEW", NEW), *more)
    new, anna = await who(site, "NEW"), await who(site, "ANNA")
    assert new and anna
    assert (sent.status_code, new.site, anna.manager) == (202, "Lyon", new.person)


async def test_an_unknown_manager_is_refused_in_words_and_nothing_is_stored(
    site: Site,
) -> None:
    found = problems(
        await send(
            site,
            event("person_moved", "ANNA", {"site": "Lyon"}),
            event("manager_changed", "BRUNO", {"manager": "E9"}, id="2"),
        )
    )
    assert found == [
        (
            "[1].data.manager",
            "names nobody who was imported; send binome.person_upserted.v1 for them first, or correct the id",
        )
    ]
    assert await site.world.store.inbox.counts() == {}


@pytest.mark.parametrize(
    ("name", "subject", "data", "path"),
    [
        ("manager_changed", "NOBODY", {"manager": "LEAD"}, "subject"),
        ("person_upserted", "NEW", {"name": "New"}, "data.email"),
        ("person_upserted", "N" * 81, NEW, "subject"),
        ("person_upserted", "N\u202eW", NEW, "subject"),
        ("person_upserted", " NEW ", NEW, "subject"),
        ("person_upserted", "ANNA", {}, "data"),
        ("person_upserted", "ANNA", {"seats": 12}, "data.seats"),
        ("person_moved", "ANNA", {"region": "Île"}, "data.region"),
        (
            "person_moved",
            "ANNA",
            {"site": "Lyon", "effective": "soon"},
            "data.effective",
        ),
        ("manager_changed", "ANNA", {"manager": "ANNA"}, "data.manager"),
    ],
)
async def test_what_does_not_fit_is_reported_with_its_place(
    site: Site, name: str, subject: str, data: dict[str, Any], path: str
) -> None:
    found = problems(await send(site, event(name, subject, data)))
    assert f"[0].{path}" in [place for place, _ in found]


async def test_trying_first_changes_nobody(site: Site) -> None:
    answer = await send(site, event("person_upserted", "NEW", NEW), dry_run=True)
    assert (answer.json()[0]["would_reach"], await who(site, "NEW")) == (0, None)
    assert problems(
        await send(
            site, event("manager_changed", "ANNA", {"manager": "E9"}), dry_run=True
        )
    )


async def test_no_pair_is_signalled(site: Site) -> None:
    await send(site, event("manager_changed", "ANNA", {"manager": None}))
    await deliver(site)
    assert (await site.world.store.inbox.counts()) == {"delivered": 1}


async def test_nothing_of_a_person_is_kept_with_the_event(site: Site) -> None:
    sent = await send(site, event("person_upserted", "NEW", NEW))
    stored = await site.world.store.inbox.find(
        sent.json()["events"][0]["link"].rsplit("/", 1)[1]
    )
    assert stored is not None
    assert stored.payload == {}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_two_the_later_time_holds(site: Site, order: tuple[int, int]) -> None:
    updates = [
        event(
            "person_moved",
            "ANNA",
            {"site": "Lyon"},
            id="1",
            time="2026-10-01T09:00:00Z",
        ),
        event(
            "person_moved",
            "ANNA",
            {"site": "Lille"},
            id="2",
            time="2026-10-02T09:00:00Z",
        ),
    ]
    for place in order:
        await send(site, updates[place])
    anna = await who(site, "ANNA")
    assert anna is not None
    assert anna.site == "Lille"
