"""Row 5 of the security review: any service's token could do everything."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.notices.delivery_decision import SendNow, delivery_decision
from domain.sources.granting import scope_of
from gateway.events import routes
from schemas.notices import Template
from tests.attacks.senders import (
    DIRECTORY,
    LEARNING_PLATFORM,
    SURVEY,
    Sender,
    sending,
)
from tests.support.world import World

NEW_PERSON = {"name": "Eve", "email": "eve@evil.example", "region": "comex"}


@pytest.fixture
async def platform(world: World, http: httpx.AsyncClient) -> Sender:
    """A learning platform, as `binome sources add` makes it without options."""
    return await sending(world, LEARNING_PLATFORM, http)


@pytest.mark.parametrize(
    ("kind", "subject", "data"),
    [
        ("person_upserted", "BOSS", {"email": "eve@evil.example"}),
        ("person_upserted", "BOSS", {"delegate": "ANNA"}),
        ("person_upserted", "ANNA", {"supervisor": "OPS"}),
        ("person_upserted", "EVE", {**NEW_PERSON, "roles": "ops"}),
        ("manager_changed", "ANNA", {"manager": "BOSS"}),
        ("person_left", "BOSS", {}),
        ("charter_signed", "BOSS", {}),
        ("volunteered", "ANNA", {}),
        ("answered", "BOSS", {"session": 1, "sequence": 0, "answer": "yes"}),
        ("pulse_received", "BOSS", {"session": 1, "score": 5}),
    ],
)
async def test_a_learning_platform_redirects_mail_gives_roles_consents_or_gives_a_pulse(
    platform: Sender, kind: str, subject: str, data: dict[str, Any]
) -> None:
    await platform.world.matched()
    before = await platform.boss()
    answer = await platform.send(kind, subject, data)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (403, "type")
    assert await platform.boss() == before
    assert await platform.world.store.inbox.counts() == {}


async def test_one_event_of_a_batch_that_is_not_granted_keeps_out_all_of_it(
    platform: Sender,
) -> None:
    events = [
        {
            "specversion": "1.0",
            "id": kind,
            "source": "/attack",
            "type": f"binome.{kind}.v1",
            "subject": "ANNA",
            "data": {"module": "listening"},
        }
        for kind in ("module_completed", "person_left")
    ]
    headers = {
        "authorization": f"Bearer {platform.token}",
        "content-type": "application/cloudevents-batch+json",
    }
    answer = await platform.http.post("/events", json=events, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (403, "[1].type")
    assert await platform.world.store.inbox.counts() == {}


@pytest.mark.parametrize("column", ["email", "roles", "supervisor", "delegate"])
async def test_a_source_that_may_move_people_redirects_their_mail(
    world: World, http: httpx.AsyncClient, column: str
) -> None:
    """Even where somebody wrote the column into the table: it is no directory."""
    moving = scope_of(types=["person_upserted"], columns=["site"])
    wider = moving.model_copy(update={"columns": moving.columns | {column}})
    sender = await sending(world, wider, http)
    answer = await sender.send("person_upserted", "BOSS", {column: "ANNA"})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (
        403,
        f"data.{column}",
    )


async def test_emptying_a_column_that_is_not_granted(
    world: World, http: httpx.AsyncClient
) -> None:
    moving = scope_of(types=["person_upserted"], columns=["site"])
    sender = await sending(world, moving, http)
    answer = await sender.send("person_upserted", "BOSS", {"delegate": None})
    assert answer.status_code == 403


@pytest.mark.parametrize("subject", ["ANNA", "COACH", "BOSS", "NOBODY"])
async def test_a_dry_run_tells_a_learning_platform_who_exists_and_takes_part(
    platform: Sender, subject: str
) -> None:
    await platform.world.matched()
    answer = await platform.send(
        "module_completed",
        subject,
        {"module": "listening"},
        query={"dry_run": "true"},
    )
    assert (answer.status_code, answer.json()) == (
        200,
        {"accepted": True, "signal": "module_completed"},
    )


async def test_a_dry_run_tells_who_reports_to_whom(
    world: World, http: httpx.AsyncClient
) -> None:
    """A circle would be refused in words, and so name who is above whom."""
    lines = scope_of(types=["manager_changed"], columns=["manager"])
    sender = await sending(world, lines, http)
    answers = [
        await sender.send(
            "manager_changed", "BOSS", {"manager": name}, query={"dry_run": "true"}
        )
        for name in ("CFO", "OPS")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_pulse_for_a_session_that_was_not_held(
    world: World, http: httpx.AsyncClient
) -> None:
    await world.matched()
    survey = await sending(world, SURVEY, http)
    answer = await survey.send("pulse_received", "BOSS", {"session": 1, "score": 1})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (
        422,
        "data.session",
    )
    assert await world.store.inbox.counts() == {}


async def test_a_source_of_one_programme_reaches_pairs_of_another(
    world: World, http: httpx.AsyncClient
) -> None:
    await world.matched()
    other = scope_of(types=["rehearsed", "module_completed"], programmes=["another"])
    sender = await sending(world, other, http)
    answers = [
        await sender.send("rehearsed", subject) for subject in ("ANNA", "NOBODY")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()


async def test_a_token_that_ended_or_was_revoked_or_rotated(platform: Sender) -> None:
    sources = platform.world.store.sources
    completed = ("module_completed", "ANNA", {"module": "listening"})
    now = datetime.now(UTC)
    new = await sources.rotate("attacker", None, now + timedelta(hours=1))
    assert (await platform.send(*completed)).status_code == 202
    await sources.rotate("attacker", None, now + timedelta(hours=1))
    assert (await platform.send(*completed)).status_code == 401
    platform.token = str(new)
    assert (await platform.send(*completed)).status_code == 202
    await sources.revoke("attacker")
    assert (await platform.send(*completed)).status_code == 401


async def test_a_token_that_is_revoked_while_its_event_is_on_its_way(
    platform: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "LONG_BODY_SECONDS", 0)
    data = b'"data": {"module": "listening"}}'
    event = (
        b'{"specversion": "1.0", "id": "slow", "source": "/attack", "subject": "ANNA",'
    )

    async def slowly() -> AsyncIterator[bytes]:
        yield event + b'"type": "binome.module_completed.v1",'
        await platform.world.store.sources.revoke("attacker")
        yield data

    headers = {
        "authorization": f"Bearer {platform.token}",
        "content-type": "application/cloudevents+json",
    }
    answer = await platform.http.post("/events", content=slowly(), headers=headers)
    assert answer.status_code == 401


async def test_a_token_whose_time_has_passed(platform: Sender) -> None:
    now = datetime.now(UTC)
    platform.token = str(
        await platform.world.store.sources.add("attacker", LEARNING_PLATFORM, now)
    )
    answer = await platform.send("module_completed", "ANNA", {"module": "listening"})
    assert (answer.status_code, "ended on" in answer.json()["detail"]) == (401, True)


async def test_an_id_used_again_for_somebody_elses_leaving(
    world: World, http: httpx.AsyncClient
) -> None:
    """Cases e01a and e01b: the second was accepted and dropped without a word."""
    everything = scope_of(types=["windows_given", "person_left"])
    sender = await sending(world, everything, http)
    windows = {"windows": [{"day": 0, "start": 540, "end": 1080}]}
    first = await sender.send("windows_given", "ANNA", windows, id="reuse")
    again = await sender.send("windows_given", "ANNA", windows, id="reuse")
    second = await sender.send("person_left", "BOSS", id="reuse")
    codes = [each.status_code for each in (first, again, second)]
    assert codes == [202, 202, 409]
    what = second.json()["errors"][0]["what"]
    assert "binome.windows_given.v1" in what and "binome.person_left.v1" in what
    assert first.json()["link"] in what


async def test_an_id_used_again_overwrites_hours(
    world: World, http: httpx.AsyncClient
) -> None:
    sender = await sending(world, scope_of(types=["windows_given"]), http)
    for day, status in ((0, 202), (4, 409)):
        hours = {"windows": [{"day": day, "start": 540, "end": 1080}]}
        answer = await sender.send("windows_given", "ANNA", hours, id="reuse")
        assert answer.status_code == status
    anna = await world.store.people.find(world.ids["ANNA"])
    assert anna and [window.day for window in anna.windows] == [0]


async def test_the_old_address_hears_nothing_of_a_change(
    world: World, http: httpx.AsyncClient
) -> None:
    await world.matched()
    directory = await sending(world, DIRECTORY, http)
    answer = await directory.send("person_upserted", "BOSS", {"email": "b@x.example"})
    assert (answer.status_code, await told(world)) == (202, ["boss@example.org"])


async def test_the_address_of_who_left_changes_before_they_are_brought_back(
    world: World, http: httpx.AsyncClient
) -> None:
    directory = await sending(world, DIRECTORY, http)
    await directory.send("person_left", "BOSS")
    await directory.send("person_upserted", "BOSS", {"email": "b@x.example"})
    await directory.send("person_upserted", "BOSS", {"back": True})
    assert await told(world) == ["boss@example.org"]


async def told(world: World) -> list[str]:
    """Where mails go out now that tell of another address."""
    rows = await world.store.outbox.lease_due("mail", 10, 60)
    return [
        row.person.email
        for row in rows
        if row.notice.template is Template.ADDRESS_CHANGED
        and delivery_decision(row, datetime.now(UTC)) == SendNow()
    ]
