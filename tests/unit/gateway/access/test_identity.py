"""Who asks, where a request says it in more than one way."""

from ipaddress import ip_network
from typing import Any

import pytest

from schemas.records.access import SignInWay
from tests.unit.gateway.factories import House, house


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Basic b2xnYTpwcm94eQ==", 200),
        ("Negotiate abc", 200),
        ("Bearer nobodys-token", 401),
        ("Bearer", 401),
        ("bearer ", 401),
    ],
)
async def test_only_a_bearer_token_goes_before_a_session(
    at_home: House, authorization: str, status: int
) -> None:
    headers = {"authorization": authorization}
    answer = await at_home.browser.get("/runs", headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/api/programmes", "/", "/people"])
async def test_a_script_s_token_opens_what_its_account_may(
    at_home: House, path: str
) -> None:
    olga = at_home.store.accounts.known["olga"]
    token = await at_home.store.accounts.new_token(olga.actor)
    at_home.browser.cookies.clear()
    headers = {"authorization": f"Bearer {token}"}
    assert (await at_home.browser.get(path, headers=headers)).status_code == 200


async def test_whoever_the_proxy_signs_in_is_not_held_up_by_a_session_that_ended() -> (
    None
):
    proxy: dict[str, Any] = {
        "trusted_header": "Remote-User",
        "trusted_proxies": (ip_network("127.0.0.1"),),
    }
    async with house(**proxy) as made:
        await made.store.sign_ins.end(made.browser.cookies["binome"])
        without = await made.browser.get("/runs")
        told = await made.browser.get("/runs", headers={"remote-user": "OLGA"})
    assert (without.status_code, told.status_code) == (401, 200)


async def test_signing_out_at_the_proxy_is_left_to_the_proxy() -> None:
    proxy: dict[str, Any] = {
        "trusted_header": "Remote-User",
        "trusted_proxies": (ip_network("127.0.0.1"),),
        "sign_out_url": "https://id.example/sign-out",
    }
    async with house(**proxy) as made:
        made.browser.cookies.clear()
        headers = {"remote-user": "olga"}
        answer = await made.browser.post("/sign-out", headers=headers)
    assert answer.headers["location"] == "https://id.example/sign-out"


async def test_a_session_says_how_it_began(at_home: House) -> None:
    found = await at_home.store.sign_ins.find(at_home.browser.cookies["binome"])
    assert found is not None and found.way is SignInWay.PASSWORD
