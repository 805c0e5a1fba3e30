"""Somebody is let in, and sends the rest of their form when they may no longer."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from schemas.links import Question
from schemas.records.access import SignInWay
from tests.attacks.console.test_console_access import browser_of, with_password
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, save, token
from tests.support.accounts import COOKIE

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def slowly(
    first: bytes, meanwhile: Callable[[], Awaitable[object]], rest: bytes
) -> AsyncIterator[bytes]:
    yield first
    await meanwhile()
    yield rest


async def close_links(site: Site) -> None:
    await site.world.store.people.close_links(site.world.ids["BOSS"], "tester")


async def begin_erasure(site: Site) -> None:
    await site.world.store.erasures.begin(site.world.ids["BOSS"], "digest", "tester")


@pytest.mark.parametrize("meanwhile", [close_links, begin_erasure])
async def test_nothing_is_kept_of_a_form_that_comes_after_its_link_was_closed(
    site: Site, meanwhile: Callable[[Site], Awaitable[None]]
) -> None:
    await save(site, held(site))
    link = f"/q/{token(site, Question.PULSE, 'mentee', 'BOSS', session=1)}"
    body = slowly(b"score=5&idea=", lambda: meanwhile(site), b"Walk")
    answer = await site.browser.post(link, content=body, headers=FORM)
    assert answer.status_code in (404, 410)
    boss = site.world.ids["BOSS"]
    pair = site.world.pair().workflow_id
    assert await site.world.store.answers.pulses_given(pair, boss) == ()


async def test_nothing_is_done_for_a_form_that_comes_after_its_session_ended(
    site: Site,
) -> None:
    """It had half a minute for that, and more with a large form."""
    actor = await with_password(site)
    store = site.world.store
    async with browser_of(site) as browser:
        browser.cookies.set(COOKIE, await site_session(site, actor))
        body = slowly(
            b"login=mallory%40example.org&name=M&",
            lambda: store.sign_ins.end_all(actor),
            b"role=administrator",
        )
        answer = await browser.post("/accounts", content=body, headers=FORM)
    assert answer.status_code == 401
    assert await store.accounts.by_login("mallory@example.org") is None


async def site_session(site: Site, actor: str) -> str:
    return await site.world.store.sign_ins.start(actor, SignInWay.PASSWORD)
