"""Events without a pair, for a pair that has closed, twice and by clocks that are off, over real PostgreSQL.

The same cases as on the page about events, which asks the gateway's code over a small stand-in: both agree.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from schemas.cloud_events import CATALOGUE
from schemas.stages import Outcome, Stage
from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.integration.gateway.test_delivery_of_events import deliver
from tests.support.world import record
from tools.docs import without_pair

NO_PAIR, STARTING, CLOSED_SINCE, _ = without_pair.PAIR_STATES


async def send(
    site: Site, name: str, subject: str = "ANNA", **envelope: Any
) -> httpx.Response:
    """With data that fit the type; `envelope` changes what stands around them."""
    data = without_pair.DATA.get(CATALOGUE[name].kind, {})
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/s",
        "type": name,
        "subject": subject,
        "data": data,
    }
    headers = {
        "authorization": f"Bearer {site.token}",
        "content-type": "application/cloudevents+json",
    }
    return await site.browser.post(
        "/events", json={**event, **envelope}, headers=headers
    )


async def shown_fate(site: Site, sent: httpx.Response) -> str:
    """The fate of an event, as the page about events words it."""
    if sent.status_code == 422:
        return "refused: " + "; ".join(
            f"`{e['path']}` {e['what']}" for e in sent.json()["errors"]
        )
    fate = await site.fate(sent)
    return (
        f"{fate['state']}, `{fate['reason']}`" if fate["reason"] else str(fate["state"])
    )


@pytest.mark.parametrize("name", CATALOGUE)
async def test_an_event_for_somebody_without_a_pair_has_the_fate_that_is_documented(
    site: Site, name: str
) -> None:
    sent = await send(site, name, "COACH")
    await deliver(site)
    assert await shown_fate(site, sent) == await without_pair.shown_state(
        name, *without_pair.PAIR_STATES[NO_PAIR]
    )


@pytest.mark.parametrize("name", CATALOGUE)
async def test_an_event_for_a_pair_that_is_being_started_has_the_fate_that_is_documented(
    site: Site, name: str
) -> None:
    sent = await send(site, name)
    await deliver(site)
    assert await shown_fate(site, sent) == await without_pair.shown_state(
        name, *without_pair.PAIR_STATES[STARTING]
    )


@pytest.mark.parametrize("name", CATALOGUE)
async def test_an_event_for_a_pair_that_closed_since_has_the_fate_that_is_documented(
    site: Site, name: str
) -> None:
    await site.world.matched()
    sent = await send(site, name)
    await site.world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED))
    await deliver(site)
    assert await shown_fate(site, sent) == await without_pair.shown_state(
        name, *without_pair.PAIR_STATES[CLOSED_SINCE]
    )


async def test_an_event_that_names_a_closed_pair_is_refused_and_nothing_is_stored(
    site: Site,
) -> None:
    await site.world.matched()
    await site.world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED))
    data = {"session": 1, "pair": site.world.pair().workflow_id}
    sent = await send(site, "binome.held.v1", data=data)
    assert (sent.status_code, sent.json()["errors"][0]["what"]) == (
        422,
        "not a live pair of this person",
    )
    assert await site.world.store.inbox.counts() == {}


TIMES = [
    # hours behind and ahead, a clock that was never set, the last day of the calendar, no time at all
    datetime.now(UTC) - timedelta(hours=7),
    datetime.now(UTC) + timedelta(hours=7),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    None,
]


@pytest.mark.parametrize("time", TIMES)
async def test_a_clock_that_is_off_delays_and_hurries_nothing(
    site: Site, listen: Listen, time: datetime | None
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    sent = await send(
        site, "binome.module_completed.v1", time=time and time.isoformat()
    )
    await deliver(site)
    assert (await site.fate(sent))["state"] == "delivered"
    assert await pair.query(Listening.received) == [
        ("module_completed", {"module": "listening"})
    ]


async def test_the_same_id_is_one_event_whatever_its_clock_and_content_say(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    first = await send(
        site,
        "binome.held.v1",
        data={"session": 1, "held": True},
        time="2027-01-11T09:00:00Z",
    )
    second = await send(
        site,
        "binome.held.v1",
        data={"session": 1, "held": False},
        time="2027-01-11T14:00:00Z",
    )
    await deliver(site)
    assert first.json() == second.json()
    assert [payload["held"] for _, payload in await pair.query(Listening.received)] == [
        True
    ]


async def test_events_arrive_whatever_the_order_of_their_times(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    for number, hour in enumerate((14, 9, 11)):
        await send(
            site,
            "binome.rehearsed.v1",
            id=f"r{number}",
            time=f"2027-01-11T{hour:02}:00:00Z",
        )
    await deliver(site)
    assert len(await pair.query(Listening.received)) == 3
