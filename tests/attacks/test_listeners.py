"""Row 1: the console is not on the listener that the world reaches."""

import pytest

from schemas.links import Question
from tests.attacks.serving import request, served
from tests.unit.gateway.factories import matched

CONSOLE = [
    "/",
    "/people",
    "/people/find",
    "/programmes/demo",
    "/api/programmes",
    "/metrics",
    "/openapi.json",
    "/mails",
    "//people",
    "/q/../people",
    "/events/../people",
    "/static/../people",
    "/%71/../people",
    "/eventsx",
]


@pytest.mark.parametrize("path", CONSOLE)
async def test_the_console_is_not_on_the_participants_listener(path: str) -> None:
    async with served(two_listeners=True) as here:
        assert await here.status(request("GET", path)) == 404


async def test_a_header_does_not_choose_the_listener() -> None:
    async with served(two_listeners=True) as here:
        asked = request(
            "GET",
            "/people",
            f"X-Forwarded-Port: {here.console_port}",
            host=f"localhost:{here.console_port}",
        )
        assert await here.status(asked) == 404


@pytest.mark.parametrize(("path", "status"), [("/people", 200), ("/events", 404)])
async def test_the_console_s_listener_has_the_console_alone(
    path: str, status: int
) -> None:
    async with served(two_listeners=True) as here:
        asked = request("GET", path, here.signed_in)
        assert await here.status(asked, here.console_port) == status


async def test_participants_reach_their_pages_on_their_own_listener() -> None:
    async with served(two_listeners=True) as here:
        here.house.put(matched())
        asked = request("GET", here.house.link(Question.HELP))
        found = await here.status(asked), await here.status(asked, here.console_port)
    assert found == (200, 404)


@pytest.mark.parametrize("path", ["/people", "/q/nonsense", "/events"])
async def test_with_one_listener_it_has_everything(path: str) -> None:
    async with served() as here:
        asked = request("GET", path, here.signed_in)
        assert await here.status(asked) in (200, 404, 405)
