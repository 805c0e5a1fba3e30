"""Sources at the gateway: what they are granted, how they show who they are, messages of their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.sources.granting import Preset, scope_of
from domain.sources.messages import read_rules
from domain.sources.webhook_signatures import signature
from gateway.events.reading import BATCH
from tests.support.lives import MENTOR
from tests.unit.domain.sources.test_messages import COMPLETED, STANDARD
from tests.unit.gateway.events.sending import event, paths, send
from tests.unit.gateway.events.test_reading import EVENT, body
from tests.unit.gateway.factories import House, matched

SECRET = b"s" * 32
MESSAGE = {**COMPLETED, "data": {"user_id": "x-ana", "course_id": "ecoute"}}


async def sign(house: House, message: bytes, **headers: str) -> Any:
    timestamp = str(int(datetime.now(UTC).timestamp()))
    given = {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(SECRET, "msg_1", timestamp, message),
        **headers,
    }
    return await house.browser.post(
        "/events", content=message, headers=given, params={"source": "survey"}
    )


async def test_what_is_not_granted_is_refused_with_what_is(at_home: House) -> None:
    at_home.store.sources.granted["lms"] = scope_of()
    answer = await send(at_home, event("rehearsed", {}))
    assert (answer.status_code, paths(answer)) == (403, ["type"])
    assert "granted: binome.module_completed.v1" in answer.text
    assert at_home.signals() == []


async def test_an_unknown_type_is_refused_with_the_nearest_whatever_is_granted(
    at_home: House,
) -> None:
    at_home.store.sources.granted["lms"] = scope_of()
    answer = await send(at_home, event("module_complet", {}))
    assert (answer.status_code, "did you mean" in answer.text) == (422, True)


async def test_a_source_of_one_programme_reaches_its_pairs_only(at_home: House) -> None:
    at_home.put(matched())
    here, elsewhere = (
        scope_of(types=["rehearsed", "module_completed"], programmes=[programme])
        for programme in (at_home.store.pairs.live[MENTOR][0][0].programme, "other")
    )
    statuses = []
    for index, scope in enumerate((here, elsewhere)):
        at_home.store.sources.granted["lms"] = scope
        sent = event("rehearsed", {}, id=str(index))
        statuses.append((await send(at_home, sent)).status_code)
    assert statuses == [202, 422]


async def test_a_completion_of_one_programme_waits_for_a_pair_of_it(
    at_home: House,
) -> None:
    at_home.put(matched())
    at_home.store.sources.granted["lms"] = scope_of(programmes=["other"])
    assert (await send(at_home, EVENT)).status_code == 202
    await at_home.gateway.dispatcher.once(datetime.now(UTC))
    (stored,) = at_home.store.inbox.events.values()
    assert (stored.state, at_home.workflows.signals) == ("waiting", [])
    assert at_home.store.people.completions == set()


async def test_a_token_that_ended_says_how_to_make_another(at_home: House) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=1)
    at_home.store.sources.changed["lms"] = {"ends_at": ended}
    answer = await send(at_home, EVENT)
    assert (answer.status_code, "rotate" in answer.text) == (401, True)


async def test_the_last_use_is_noted_but_not_each_time(at_home: House) -> None:
    await send(at_home, EVENT)
    at_home.store.sources.changed["lms"] = {"last_used_at": datetime.now(UTC)}
    await send(at_home, EVENT)
    assert at_home.store.sources.uses == ["lms"]


async def test_a_signed_event_needs_no_token(at_home: House) -> None:
    at_home.store.sources.secrets["survey"] = [b"new" * 10, SECRET]
    assert (await sign(at_home, body(EVENT))).status_code == 202
    (stored,) = at_home.store.inbox.events.values()
    assert stored.source == "survey"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"webhook-timestamp": "1"}, "webhook-timestamp"),
        ({"webhook-signature": "v1,x"}, "webhook-signature"),
        ({"webhook-id": "msg_2"}, "webhook-signature"),
    ],
)
async def test_a_wrong_signature_is_refused_with_its_header(
    at_home: House, headers: dict[str, str], why: str
) -> None:
    at_home.store.sources.secrets["survey"] = [SECRET]
    answer = await sign(at_home, body(EVENT), **headers)
    assert (answer.status_code, why in answer.json()["detail"]) == (401, True)


async def test_a_platforms_own_message_becomes_an_event(at_home: House) -> None:
    """Case e04 of Standard Webhooks."""
    sources = at_home.store.sources
    sources.secrets["survey"] = [SECRET]
    sources.rules["survey"] = read_rules(STANDARD, scope_of([Preset.LEARNING_PLATFORM]))
    answer = await sign(at_home, body(MESSAGE))
    assert (answer.status_code, answer.json()["id"]) == (202, "msg_1")
    assert at_home.signals() == [("module_completed", {"module": "ecoute"})]


async def test_a_message_that_no_rule_is_about_is_taken_and_left(
    at_home: House,
) -> None:
    sources = at_home.store.sources
    sources.secrets["survey"] = [SECRET]
    sources.rules["survey"] = read_rules(STANDARD, scope_of([Preset.LEARNING_PLATFORM]))
    answer = await sign(at_home, body({"type": "course.started"}))
    assert (answer.status_code, "ignored" in answer.json()) == (202, True)
    assert at_home.signals() == []


async def test_an_id_that_is_used_again_is_refused_with_both_events(
    at_home: House,
) -> None:
    """Cases e01a and e01b."""
    first = await send(at_home, EVENT)
    answer = await send(at_home, event("person_left", {}, subject="x-marc"))
    assert (answer.status_code, paths(answer)) == (409, ["id"])
    what = answer.json()["errors"][0]["what"]
    assert all(
        part in what
        for part in (
            "binome.module_completed.v1",
            "binome.person_left.v1",
            "somebody else",
            first.json()["link"],
        )
    )


async def test_an_id_that_is_used_twice_in_a_batch_is_refused(at_home: House) -> None:
    answer = await send(
        at_home,
        [EVENT, event("module_completed", {"module": "oser-parler"})],
        media=BATCH,
    )
    assert (answer.status_code, paths(answer), at_home.signals()) == (
        409,
        ["[1].id"],
        [],
    )


async def test_an_event_twice_in_a_batch_is_stored_once(at_home: House) -> None:
    answer = await send(at_home, [EVENT, EVENT], media=BATCH)
    assert (answer.status_code, len(at_home.signals())) == (202, 1)


async def test_hours_that_come_again_do_not_undo_newer_ones(at_home: House) -> None:
    for number, day in (("1", 1), ("2", 3), ("1", 1)):
        hours = {"windows": [{"day": day, "start": 540, "end": 600}]}
        await send(at_home, event("windows_given", hours, id=number))
    assert [w.day for w in at_home.store.people.windows[MENTOR]] == [3]


async def test_a_sender_that_asks_first_is_allowed_if_it_has_a_token(
    at_home: House,
) -> None:
    """Case e07: the handshake of CloudEvents over HTTP."""
    asked = {"webhook-request-origin": "eventgrid.azure.net"}
    known = {**asked, "authorization": "Bearer token-lms"}
    allowed, refused = [
        await at_home.browser.options("/events", headers=headers)
        for headers in (known, asked)
    ]
    assert (allowed.status_code, refused.status_code) == (200, 401)
    assert allowed.headers["webhook-allowed-origin"] == "eventgrid.azure.net"


@pytest.mark.parametrize("origin", ["", "a b", "a\tb", "x" * 300, "<script>"])
async def test_an_origin_that_is_no_name_is_not_repeated(
    at_home: House, origin: str
) -> None:
    headers = {"authorization": "Bearer token-lms", "webhook-request-origin": origin}
    answer = await at_home.browser.options("/events", headers=headers)
    assert "webhook-allowed-origin" not in answer.headers
