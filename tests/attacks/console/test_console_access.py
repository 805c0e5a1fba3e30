"""Attacks on the console's door: each went through once, or would have."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from gateway.app import build_app
from gateway.temporal import WorkflowClient
from schemas.records.access import AccountRole, Grant
from tests.integration.gateway.conftest import Site, listen, listeners, open_site
from tests.support.accounts import COOKIE, signed_in

__all__ = ["listen", "listeners"]

LOGIN = "olga@example.org"
PASSWORD = "correct horse battery"
HTML = {"accept": "text/html"}
PERSONAL = ("/people", "/mails", "/refused", "/cohorts/cohort:pilot:comex:1")


@pytest.fixture
async def site(
    store: Store, temporal_server: WorkflowEnvironment
) -> AsyncIterator[Site]:
    async with open_site(store, temporal_server.client, "http://localhost") as opened:
        yield opened


def browser_of(
    site: Site, client: str = "127.0.0.1", host: str = "localhost", **options: Any
) -> httpx.AsyncClient:
    """A browser that nobody signed in with, before a gateway of its own: a second one over the same database."""
    app = build_app(
        site.world.store,
        WorkflowClient(site.client),
        replace(site.gateway.options, **{"hosts": (host,), **options}),
    )
    transport = httpx.ASGITransport(app, client=(client, 50000))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


async def with_password(site: Site, password: str = PASSWORD) -> str:
    """Olga chose a password by her link; returns her actor id."""
    account = await site.world.store.accounts.add(
        LOGIN, "Olga", [Grant(role=AccountRole.ADMINISTRATOR)]
    )
    link = await site.world.store.sign_ins.make_link(account.actor)
    async with browser_of(site) as browser:
        answer = await browser.post(
            f"/sign-in/link/{link}", data={"password": password}
        )
    assert answer.status_code == 303
    return account.actor


async def guess(browser: httpx.AsyncClient, password: str) -> int:
    answer = await browser.post("/sign-in", data={"login": LOGIN, "password": password})
    return answer.status_code


@pytest.mark.parametrize("path", PERSONAL)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "mentoring.example"])
async def test_a_proxy_on_this_machine_that_passes_the_host_on_bypasses_no_sign_in(
    site: Site, path: str, host: str
) -> None:
    """Row 1: `curl -H 'Host: localhost' http://PROXY/people` listed everybody."""
    async with browser_of(site, host=host) as browser:
        page, script = await browser.get(path, headers=HTML), await browser.get(path)
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (
        303,
        "/sign-in",
    )
    assert (script.status_code, "Name of" in script.text) == (401, False)


async def test_a_pause_by_somebody_from_this_machine_is_refused(site: Site) -> None:
    async with browser_of(site) as browser:
        answer = await browser.post("/programmes/pilot/pause", data={"reason": "x"})
    assert answer.status_code == 401


async def test_a_body_of_somebody_who_is_not_signed_in_is_not_read(site: Site) -> None:
    """Row 13: 39 MB were read before the 401."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(600):
            read += 65536
            yield bytes(65536)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    async with browser_of(site) as browser:
        answer = await browser.post(
            "/people/preview", content=endless(), headers=headers
        )
    assert (answer.status_code, read <= 2 * 65536) == (401, True)


@pytest.mark.parametrize("password", ["x", "elevenchars", "aaaaaaaaaaaaaaaa", LOGIN])
async def test_a_password_that_is_guessed_at_once_cannot_be_chosen(
    site: Site, password: str
) -> None:
    """Row 10: one character was accepted."""
    account = await site.world.store.accounts.add(LOGIN, "Olga", [])
    link = await site.world.store.sign_ins.make_link(account.actor)
    async with browser_of(site) as browser:
        answer = await browser.post(
            f"/sign-in/link/{link}", data={"password": password}
        )
    assert (
        answer.status_code,
        await site.world.store.accounts.password_hash(LOGIN),
    ) == (
        422,
        None,
    )


async def test_passwords_guessed_all_at_once_are_slowed_and_on_record(
    site: Site,
) -> None:
    """Row 10: 649 guesses in 6 seconds, unlogged. Here they come side by side, over two gateways."""
    actor = await with_password(site)
    async with browser_of(site) as one, browser_of(site) as other:
        guesses = [guess((one, other)[n % 2], f"wrong password {n}") for n in range(40)]
        codes = await asyncio.gather(*guesses)
    assert (codes.count(401), codes.count(429)) == (5, 35)
    entries = await site.world.store.access_trail.entries(100)
    assert [e.actor for e in entries if e.what == "sign_in_failed"] == [actor] * 5


async def test_whether_there_is_an_account_is_not_said(site: Site) -> None:
    await with_password(site)
    async with browser_of(site) as browser:
        answers = [
            await browser.post("/sign-in", data={"login": login, "password": "wrong"})
            for login in (LOGIN, "nobody@example.org")
        ]
    assert answers[0].text == answers[1].text


async def test_a_cookie_that_was_signed_out_opens_nothing_on_another_gateway(
    site: Site,
) -> None:
    cookie = {COOKIE: await signed_in(site.world.store)}
    async with browser_of(site) as one, browser_of(site) as other:
        one.cookies.update(cookie)
        other.cookies.update(cookie)
        before = (await other.get("/people")).status_code
        await one.post("/sign-out")
        other.cookies.update(cookie)
        after = (await other.get("/people")).status_code
    assert (before, after) == (200, 401)


async def test_a_revoked_account_is_out_at_once_and_stays_out_when_it_is_given_again(
    site: Site,
) -> None:
    cookie = await signed_in(site.world.store, LOGIN)
    await site.world.store.accounts.revoke(LOGIN)
    async with browser_of(site) as browser:
        browser.cookies.set(COOKIE, cookie)
        revoked = (await browser.get("/people")).status_code
        await signed_in(site.world.store, LOGIN)
        again = (await browser.get("/people")).status_code
    assert (revoked, again) == (401, 401)


async def test_a_link_signs_one_browser_in(site: Site) -> None:
    account = await site.world.store.accounts.add(LOGIN, "Olga", [])
    link = await site.world.store.sign_ins.make_link(account.actor)
    async with browser_of(site) as one, browser_of(site) as other:
        codes = await asyncio.gather(
            *(b.post(f"/sign-in/link/{link}") for b in (one, other))
        )
    assert sorted(answer.status_code for answer in codes) == [303, 404]


async def test_a_program_that_fetches_links_ahead_does_not_use_one_up(
    site: Site,
) -> None:
    account = await site.world.store.accounts.add(LOGIN, "Olga", [])
    path = f"/sign-in/link/{await site.world.store.sign_ins.make_link(account.actor)}"
    async with browser_of(site) as browser:
        fetched = [(await browser.get(path)).status_code for _ in range(2)]
        signed = (await browser.post(path)).status_code
    assert (fetched, signed) == ([200, 200], 303)


PROXY: dict[str, Any] = {
    "trusted_header": "Remote-User",
    "trusted_proxies": (ip_network("10.0.0.7"),),
}


@pytest.mark.parametrize(
    ("client", "sent", "status"),
    [
        ("10.0.0.7", [("remote-user", LOGIN)], 200),
        ("10.0.0.8", [("remote-user", LOGIN)], 401),
        ("127.0.0.1", [("remote-user", LOGIN)], 401),
        ("127.0.0.1", [("remote-user", LOGIN), ("x-forwarded-for", "10.0.0.7")], 401),
        ("10.0.0.7", [("remote-user", LOGIN), ("remote-user", "other")], 401),
        ("10.0.0.7", [("remote-user", "nobody@example.org")], 401),
        ("10.0.0.7", [("remote-user", "")], 401),
        ("10.0.0.7", [("x-remote-user", LOGIN)], 401),
    ],
)
async def test_a_header_is_believed_from_the_named_proxy_only(
    site: Site, client: str, sent: list[tuple[str, str]], status: int
) -> None:
    await signed_in(site.world.store, LOGIN)
    async with browser_of(site, client, "mentoring.example", **PROXY) as browser:
        assert (await browser.get("/people", headers=sent)).status_code == status


async def test_a_header_that_nobody_set_up_signs_nobody_in(site: Site) -> None:
    await signed_in(site.world.store, LOGIN)
    async with browser_of(site) as browser:
        answer = await browser.get("/people", headers={"remote-user": LOGIN})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "page",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ],
)
async def test_a_sign_in_leads_to_no_other_site(site: Site, page: str) -> None:
    await with_password(site)
    async with browser_of(site) as browser:
        answer = await browser.post(
            "/sign-in", data={"login": LOGIN, "password": PASSWORD, "page": page}
        )
    assert answer.headers["location"] == "/"


async def test_a_form_of_another_site_signs_nobody_in_or_out(site: Site) -> None:
    await with_password(site)
    headers = {"sec-fetch-site": "cross-site"}
    form = {"login": LOGIN, "password": PASSWORD}
    async with browser_of(site) as browser:
        answers = [
            await browser.post(path, data=form, headers=headers)
            for path in ("/sign-in", "/sign-out", "/sign-out/everywhere")
        ]
    assert [answer.status_code for answer in answers] == [403] * 3


async def test_a_sponsor_reads_the_evidence_and_nothing_else(site: Site) -> None:
    """Row 10: the sponsor needed HR's rights to see the evidence."""
    grant = Grant(role=AccountRole.SPONSOR, programme="pilot", region="idf")
    async with browser_of(site) as browser:
        browser.cookies.set(COOKIE, await signed_in(site.world.store, LOGIN, [grant]))
        pair = f"/pairs/{site.world.pair().workflow_id}"
        paths = ["/", "/programmes/pilot/regions/idf", "/programmes/pilot", pair]
        codes = [(await browser.get(p)).status_code for p in (*paths, *PERSONAL)]
    assert codes == [200, 200] + [403] * 6


async def test_a_supervisor_sees_their_own_mentors_only(site: Site) -> None:
    await site.world.ready("ANNA")
    await site.world.ready("BRUNO")
    grant = Grant(role=AccountRole.SUPERVISOR)
    cookie = await signed_in(site.world.store, LOGIN, [grant], site.world.ids["COACH"])
    async with browser_of(site) as browser:
        browser.cookies.set(COOKIE, cookie)
        page = (await browser.get("/mentors")).text
    assert ("Name of ANNA" in page, "Name of BRUNO" in page) == (True, False)


async def test_who_read_about_whom_is_on_record(site: Site) -> None:
    cookie = await signed_in(site.world.store, LOGIN)
    account = await site.world.store.accounts.by_login(LOGIN)
    assert account is not None
    about = [site.world.ids["ANNA"], site.world.pair().workflow_id]
    await site.world.ready()
    async with browser_of(site) as browser:
        browser.cookies.set(COOKIE, cookie)
        await browser.get(f"/people/{about[0]}")
        await browser.get(f"/pairs/{about[1]}")
    entries = await site.world.store.access_trail.entries(10)
    assert [(e.actor, e.what, e.about) for e in entries] == [
        (account.actor, "see_pair", about[1]),
        (account.actor, "see_people", about[0]),
    ]
