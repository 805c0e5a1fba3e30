"""Odd characters at the door of the console: none is a fault of ours."""

from urllib.parse import quote

import pytest

from tests.attacks.console.test_console_access import LOGIN, browser_of
from tests.integration.gateway.conftest import Site
from tests.support.accounts import COOKIE


@pytest.mark.parametrize(
    "odd", ["\0", "olga\0@example.org", "%ED%A0%80", "\u202e", "é" * 200, "' or 1=1--"]
)
@pytest.mark.parametrize("field", ["login", "password", "page"])
async def test_no_odd_character_at_the_door_is_a_fault_of_ours(
    site: Site, field: str, odd: str
) -> None:
    form = {"login": LOGIN, "password": "wrong password", "page": "/", field: odd}
    async with browser_of(site) as browser:
        answers = [
            await browser.post("/sign-in", data=form),
            await browser.post("/sign-in/link/none", data=form),
            await browser.get("/sign-in/openid/callback", params={"state": odd}),
            await browser.get("/people", headers={"cookie": f"{COOKIE}={quote(odd)}"}),
        ]
    assert {answer.status_code for answer in answers} <= {400, 401, 404, 422, 429}


async def test_a_half_character_at_the_door_is_a_fault_of_nobody(site: Site) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    async with browser_of(site) as browser:
        answer = await browser.post(
            "/sign-in", content=b"login=%ED%A0%80&password=%ED%A0%80", headers=headers
        )
    assert answer.status_code == 401


@pytest.mark.parametrize("field", ["key", "who", "login", "mentor", "upload", "once"])
@pytest.mark.parametrize(
    "path",
    [
        "/refused/resend",
        "/people/find",
        "/people/import",
        "/people/paaaaaaaaaaaaa/pause",
        "/accounts",
        "/cohorts/cohort:pilot:comex:1/matches/pin",
    ],
)
async def test_a_nul_in_any_form_of_the_console_is_no_fault_of_ours(
    site: Site, path: str, field: str
) -> None:
    """PostgreSQL cannot be asked for one."""
    answer = await site.browser.post(path, data={field: "a\0b"})
    assert answer.status_code < 500
