"""Sign-in by a real OpenID provider that runs beside the test, and attacks on it."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from gateway.options import OpenidOptions
from schemas.records.access import AccountRole, Grant
from tests.attacks.console.test_console_access import browser_of
from tests.integration.gateway.conftest import Site, open_site

OLGA, MALLORY, UNVERIFIED, NAMESAKE = "olga", "mallory", "unverified", "namesake"
LOGIN = "olga@example.org"


def claims(email: str, verified: bool) -> dict[str, object]:
    return {"email": email, "email_verified": verified}


USERS = [
    User(sub=OLGA, claims=claims(LOGIN, True)),
    User(sub=MALLORY, claims=claims("mallory@example.org", True)),
    User(sub=UNVERIFIED, claims=claims(LOGIN, False)),
    User(sub=NAMESAKE, claims=claims(LOGIN, True)),
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=USERS) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def site(
    store: Store, temporal_server: WorkflowEnvironment
) -> AsyncIterator[Site]:
    async with open_site(store, temporal_server.client, "http://localhost") as opened:
        await store.accounts.add(LOGIN, "Olga", [Grant(role=AccountRole.ADMINISTRATOR)])
        yield opened


def browser(site: Site, issuer: str) -> httpx.AsyncClient:
    openid = OpenidOptions(issuer, "binome", "a secret of the client")
    return browser_of(site, openid=openid)


async def at_the_provider(url: str, sub: str) -> str:
    """Consent there; returns the address that the provider sends the browser back to."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(url, data={"sub": sub})
    return answer.headers["location"]


async def signed_in_as(who: httpx.AsyncClient, sub: str) -> httpx.Response:
    begun = await who.get("/sign-in/openid?page=/people")
    return await who.get(await at_the_provider(begun.headers["location"], sub))


async def test_whoever_has_an_account_signs_in_and_goes_on_where_they_were_going(
    site: Site, issuer: str
) -> None:
    async with browser(site, issuer) as olga:
        back = await signed_in_as(olga, OLGA)
        people = await olga.get("/people")
    assert (back.status_code, back.headers["location"], people.status_code) == (
        303,
        "/people",
        200,
    )


async def test_the_way_to_the_provider_has_a_challenge_a_state_and_a_nonce(
    site: Site, issuer: str
) -> None:
    async with browser(site, issuer) as olga:
        begun = await olga.get("/sign-in/openid")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"code_challenge", "state", "nonce"} <= asked.keys()


@pytest.mark.parametrize("sub", [MALLORY, UNVERIFIED])
async def test_whom_the_provider_does_not_vouch_for_as_an_account_stays_out(
    site: Site, issuer: str, sub: str
) -> None:
    async with browser(site, issuer) as other:
        back = await signed_in_as(other, sub)
        people = await other.get("/people")
    assert (back.status_code, people.status_code) == (403, 401)


async def test_an_address_given_to_somebody_else_opens_nothing_of_its_first_owner(
    site: Site, issuer: str
) -> None:
    async with browser(site, issuer) as olga, browser(site, issuer) as namesake:
        first = await signed_in_as(olga, OLGA)
        second = await signed_in_as(namesake, NAMESAKE)
        again = await signed_in_as(olga, OLGA)
    codes = [first.status_code, second.status_code, again.status_code]
    assert codes == [303, 403, 303]


async def test_an_answer_that_another_browser_asked_for_signs_nobody_in(
    site: Site, issuer: str
) -> None:
    """Or a link would sign its reader in as whoever sent it."""
    async with browser(site, issuer) as mallory, browser(site, issuer) as victim:
        begun = await mallory.get("/sign-in/openid")
        await victim.get("/sign-in/openid")
        back = await at_the_provider(begun.headers["location"], OLGA)
        answer = await victim.get(back)
    assert answer.status_code == 400


async def test_an_answer_counts_once(site: Site, issuer: str) -> None:
    async with browser(site, issuer) as olga:
        begun = await olga.get("/sign-in/openid")
        back = await at_the_provider(begun.headers["location"], OLGA)
        codes = [(await olga.get(back)).status_code for _ in range(2)]
    assert codes == [303, 400]


@pytest.mark.parametrize(
    "query", ["", "?state=x&code=y", "?error=access_denied", "?code=y"]
)
async def test_an_answer_to_nothing_signs_nobody_in(
    site: Site, issuer: str, query: str
) -> None:
    async with browser(site, issuer) as other:
        answer = await other.get(f"/sign-in/openid/callback{query}")
    assert answer.status_code == 400


async def test_a_code_of_somebody_s_own_making_is_refused(
    site: Site, issuer: str
) -> None:
    async with browser(site, issuer) as other:
        begun = await other.get("/sign-in/openid")
        (state,) = parse_qs(urlsplit(begun.headers["location"]).query)["state"]
        answer = await other.get(f"/sign-in/openid/callback?state={state}&code=made-up")
    assert answer.status_code == 400


async def test_a_provider_that_is_down_is_named_and_nothing_breaks(site: Site) -> None:
    async with browser(site, "http://localhost:9") as olga:
        answer = await olga.get("/sign-in/openid")
    assert (answer.status_code, "does not answer" in answer.text) == (503, True)


async def test_a_revoked_account_does_not_come_back_by_the_provider(
    site: Site, issuer: str
) -> None:
    async with browser(site, issuer) as olga:
        await signed_in_as(olga, OLGA)
        await site.world.store.accounts.revoke(LOGIN)
        people = await olga.get("/people")
        back = await signed_in_as(olga, OLGA)
    assert (people.status_code, back.status_code) == (401, 403)
