"""Rows 3, 4 and 12 of the review: marks were computed from means, and who asked for help from ids and times."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise

import pytest

from domain.calls import LONGEST_DELAY
from schemas.events import Side
from schemas.links import Question
from schemas.records.inbox import StoredEvent
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, save, token
from tests.integration.persistence.messages.test_inbox import event
from tests.support.world import AT, COMEX, file, line

MARKS = (5, 3, 4, 5, 2, 5, 1, 4, 3, 5, 5, 2, 4, 4, 1, 3)


async def published_one_by_one(site: Site) -> AsyncIterator[tuple[float, ...] | None]:
    """The mean that the API shows after each pulse, for whoever looks each time."""
    rows = [line(f"M{n}", "idf", roles="mentor") for n in range(len(MARKS))]
    await site.world.store.imports.apply(file(*rows))
    people = {
        person.external_id: person.person
        for person in await site.world.store.people.in_region("idf", 100)
    }
    for number, mark in enumerate(MARKS):
        person = people[f"M{number}"]
        pair = await site.world.held(person, 1)
        await site.world.store.answers.save_pulse(
            pair, 1, Side.MENTOR, person, mark, f"idea {number}", "", False
        )
        await site.world.store.releases.publish_due(COMEX, AT)
        yield await shown(site)


async def shown(site: Site) -> tuple[float, ...] | None:
    answer = (await site.browser.get("/api/programmes/pilot/status")).json()
    release = answer["regions"][0]["release"]
    return release and (release["people"], release["lowest"], release["highest"])


async def test_a_mean_after_each_pulse_gives_no_mark_away(site: Site) -> None:
    seen = [figure async for figure in published_one_by_one(site)]
    assert seen[:4] == [None] * 4
    figures = [figure for figure in dict.fromkeys(seen) if figure]
    people = [0, *(figure[0] for figure in figures)]
    assert all(later - earlier >= 5 for earlier, later in pairwise(people))
    assert len(figures) >= 2, "the attack needs two figures to subtract"


async def test_ideas_do_not_come_one_at_a_time(site: Site) -> None:
    sizes = []
    async for _ in published_one_by_one(site):
        sizes.append(len(await site.world.store.releases.ideas(COMEX)))
    assert set(sizes) == {0, 5, 10, 15}


@pytest.mark.parametrize("side", ["mentor", "mentee"])
async def test_the_id_of_a_concern_is_no_hash_of_what_a_history_holds(
    site: Site, side: str
) -> None:
    pulse, concern = await both_events(site, side)
    known = [
        side,
        "1",
        "page",
        *site.world.ids.values(),
        *map(str, pulse.payload.values()),
    ]
    hashed = {
        sha256(f"concern\n{concern.pair}\n{seed}".encode()).hexdigest()[:24]
        for seed in [*known, pulse.key, pulse.event_id]
    }
    assert str(concern.payload["concern"])[1:] not in hashed


async def test_a_concern_on_its_way_is_listed_nowhere(site: Site) -> None:
    _, concern = await both_events(site, "mentee")
    for path in ("/refused", "/metrics", f"/pairs/{concern.pair}", "/"):
        page = await site.browser.get(path)
        assert page.status_code == 200
        assert str(concern.payload["concern"]) not in page.text
        assert "concern_raised" not in page.text, path
        assert "asked for help" not in page.text, path


async def test_a_concern_has_a_time_of_its_own(site: Site) -> None:
    pulse, concern = await both_events(site, "mentee")
    assert concern.received_at == concern.next_try
    assert concern.received_at - pulse.received_at <= LONGEST_DELAY
    assert concern.received_at != pulse.received_at


async def test_neither_signal_says_whose_pulse_it_was(site: Site) -> None:
    events = await both_events(site, "mentee")
    content = str([event.payload for event in events])
    assert "mentee" not in content and "mentor" not in content
    assert not any(person in content for person in site.world.ids.values())


async def both_events(site: Site, side: str) -> tuple[StoredEvent, StoredEvent]:
    """A pulse that asks for help, as given on its page, and the two events that come of it."""
    await save(site, held(site))
    who = {"mentor": "ANNA", "mentee": "BOSS"}[side]
    page = f"/q/{token(site, Question.PULSE, side, who, session=1)}"
    answer = await site.browser.post(page, data={"score": "1", "help": "yes"})
    assert answer.status_code == 303
    later = datetime.now(UTC) + 2 * LONGEST_DELAY
    found = await site.gateway.store.inbox.lease_due(100, later)
    by_kind = {event.kind: event for event in found}
    return by_kind["pulse_received"], by_kind["concern_raised"]


async def test_a_concern_that_is_sent_again_is_not_beside_its_pulse(site: Site) -> None:
    """A pair that is started again is sent all that it was sent, in one go."""
    await both_events(site, "mentee")
    await site.gateway.store.inbox.store([event("another")])
    later = datetime.now(UTC) + 3 * LONGEST_DELAY  # the gateway that had them died
    found = await site.gateway.store.inbox.lease_due(100, later)
    kinds = [each.kind for each in found]
    assert kinds[0] == "pulse_received" and kinds[-1] == "concern_raised"
    assert len(kinds) == 3
