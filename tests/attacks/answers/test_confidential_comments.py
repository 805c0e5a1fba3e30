"""A comment was collected that nobody was to read, and whoever has the console looks for it."""

from schemas.events import Side
from schemas.records.access import AccountRole, Grant
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, save

CONTACT = Grant(role=AccountRole.TRUSTED_CONTACT)
WORDS = "between the two of us"


async def test_a_comment_that_nobody_reads_is_not_collected(site: Site) -> None:
    await save(site, held(site))
    await site.send("pulse_received", "BOSS", session=1, score=4, comment=WORDS)
    answers = site.world.store.answers
    assert await answers.pulses_given(
        site.world.pair().workflow_id, site.world.ids["BOSS"]
    )
    assert await answers.regions_with_comments() == []


async def test_an_administrator_does_not_read_a_comment_and_each_reading_is_recorded(
    site: Site,
) -> None:
    store, boss = site.world.store, site.world.ids["BOSS"]
    pair = site.world.pair()
    await store.answers.save_pulse(pair, 1, Side.MENTEE, boss, 4, "", WORDS, False)
    assert (await site.browser.get("/comments")).status_code == 403
    await store.accounts.add("olga", "Olga Roy", [CONTACT])
    assert WORDS in (await site.browser.get("/comments")).text
    seen = await store.access_trail.entries(about=boss)
    assert [(line.actor, line.what) for line in seen] == [
        (await site.actor(), "read_comments")
    ]
