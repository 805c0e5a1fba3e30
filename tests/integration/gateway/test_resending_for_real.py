"""A refused message corrected on the console: read from real histories, sent to a real run, noted in PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from schemas.records.listings import RefusedListing
from tests.integration.gateway.conftest import QUEUE, Listen, Listening, Site

REASON = "session: missing; it is needed"


async def refused(
    site: Site, name: str = "held", at: datetime | None = None
) -> RefusedListing:
    """As a pair keeps it, a moment after what was sent."""
    await site.world.store.refused_messages.add(
        site.world.pair().workflow_id, name, REASON, at or datetime.now(UTC)
    )
    return (await site.world.store.refused_messages.listing())[0]


async def prefilled(site: Site, message: RefusedListing) -> str:
    page = (await site.browser.get(f"/refused/{message.id}")).text
    return unescape(
        page.split('class="code" required>\n', 1)[1].split("</textarea>")[0]
    )


async def listed(site: Site, *handles: WorkflowHandle[Any, Any]) -> None:
    """Until the list of runs has them: Temporal writes it a moment later."""
    wanted = {handle.result_run_id for handle in handles}
    query = f'WorkflowId = "{site.world.pair().workflow_id}"'
    while not wanted <= {run.run_id async for run in site.client.list_workflows(query)}:
        pass


async def test_what_was_sent_is_read_from_the_history(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await pair.signal("held", {"session": 0, "note": "é"})
    message = await refused(site)
    await pair.signal("held", {"session": "later"})
    await listed(site, pair)
    assert await prefilled(site, message) == '{\n  "session": 0,\n  "note": "é"\n}'


async def test_an_earlier_run_of_the_same_id_is_read_too(
    site: Site, listen: Listen
) -> None:
    first = await listen(site.world.pair().workflow_id)
    await first.signal("held", {"session": 0})
    message = await refused(site)
    await first.signal(Listening.stop)
    await first.result()
    second = await site.client.start_workflow(
        Listening.run, id=first.id, task_queue=QUEUE
    )
    await listed(site, first, second)
    assert await prefilled(site, message) == '{\n  "session": 0\n}'
    await second.signal(Listening.stop)


@pytest.mark.parametrize("sent", [b"\xff\x00", None])
async def test_what_is_no_json_is_an_example_instead(
    site: Site, listen: Listen, sent: bytes | None
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await pair.signal("held", sent)
    await listed(site, pair)
    assert await prefilled(site, await refused(site)) == '{\n  "session": 1\n}'


async def test_nothing_is_shown_of_what_came_after(site: Site, listen: Listen) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await pair.signal("held", {"session": 0})
    await listed(site, pair)
    message = await refused(site, at=datetime.now(UTC) - timedelta(hours=1))
    assert await prefilled(site, message) == '{\n  "session": 1\n}'


async def test_it_is_sent_noted_and_leaves_the_list(site: Site, listen: Listen) -> None:
    pair = await listen(site.world.pair().workflow_id)
    message = await refused(site)
    answer = await site.browser.post(
        f"/refused/{message.id}", data={"name": "held", "text": '{"session": 1}'}
    )
    assert (answer.status_code, await pair.query(Listening.received)) == (
        303,
        [("held", {"session": 1})],
    )
    assert (
        await site.world.store.refused_messages.listing(),
        await site.world.store.refused_messages.count(),
    ) == ([], 0)
    (noted,) = await site.world.store.refused_messages.listing(resent=True)
    assert (noted.id, noted.resent_by) == (message.id, await site.actor())
    assert not await site.world.store.refused_messages.settle(message.id, "another")


async def test_a_refused_update_stays_on_the_list(site: Site, listen: Listen) -> None:
    await listen(site.world.pair().workflow_id)
    message = await refused(site)
    answer = await site.browser.post(
        f"/refused/{message.id}", data={"name": "sign_off", "text": "{}"}
    )
    assert (answer.status_code, "the rehearsal is not confirmed" in answer.text) == (
        409,
        True,
    )
    assert [kept.id for kept in await site.world.store.refused_messages.listing()] == [
        message.id
    ]


async def test_the_page_says_whether_a_workflow_ended_or_never_existed(
    site: Site, listen: Listen
) -> None:
    message = await refused(site)
    assert (
        "does not know this workflow"
        in (await site.browser.get(f"/refused/{message.id}")).text
    )
    pair = await site.client.start_workflow(
        Listening.run, id=site.world.pair().workflow_id, task_queue=QUEUE
    )
    await pair.signal(Listening.stop)
    await pair.result()
    assert (
        "has ended, and takes no message"
        in (await site.browser.get(f"/refused/{message.id}")).text
    )


async def test_one_sends_it_at_a_time_and_who_died_meanwhile_holds_it_for_a_minute(
    site: Site,
) -> None:
    message, store = await refused(site), site.world.store
    tries = await asyncio.gather(
        *(store.refused_messages.lock_for_resending(message.id) for _ in range(5))
    )
    assert sorted(tries) == [False] * 4 + [True]
    await store.refused_messages.unlock(message.id)
    assert [
        await store.refused_messages.lock_for_resending(message.id),
        await store.refused_messages.lock_for_resending(message.id),
    ] == [True, False]
    async with store._database._connection() as connection:
        await connection.execute(
            "update refused_messages set locked_at = locked_at - interval '61 seconds'"
        )
    assert await store.refused_messages.lock_for_resending(message.id)


async def test_nobody_takes_what_is_settled(site: Site) -> None:
    message = await refused(site)
    await site.world.store.refused_messages.settle(message.id, "somebody")
    assert not await site.world.store.refused_messages.lock_for_resending(message.id)


async def test_it_is_known_how_many_were_refused_after_it_in_its_moment(
    site: Site,
) -> None:
    moment, store = datetime.now(UTC).replace(microsecond=0), site.world.store
    for name, at in (
        ("held", 0),
        ("held", 1),
        ("held", 2),
        ("answered", 3),
        ("held", 2_000_000),
    ):
        await store.refused_messages.add(
            "pair:x", name, "why", moment + timedelta(microseconds=at)
        )
    listed = {
        m.at: m.id for m in await store.refused_messages.listing() if m.name == "held"
    }
    messages = [await store.refused_messages.find(listed[at]) for at in sorted(listed)]
    assert [message.later for message in messages if message] == [2, 1, 0, 0]
