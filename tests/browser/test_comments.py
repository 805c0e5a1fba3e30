"""A trusted contact reads what a participant wrote in confidence."""

from playwright.async_api import Page, expect

from schemas.events import Side
from schemas.records.access import AccountRole, Grant
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, save


async def test_a_trusted_contact_reads_a_comment_with_its_author(
    page: Page, site: Site
) -> None:
    await save(site, held(site))
    store, boss = site.world.store, site.world.ids["BOSS"]
    contact = Grant(role=AccountRole.TRUSTED_CONTACT, programme="pilot")
    await store.accounts.add("olga", "Olga Lund", [contact])
    await store.answers.save_pulse(
        site.world.pair(), 1, Side.MENTEE, boss, 2, "", "Entre nous.", wants_help=True
    )
    await page.goto("/comments")
    await expect(page.get_by_text("Entre nous.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Name of BOSS")).to_be_visible()
