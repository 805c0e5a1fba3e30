"""Row 8: one link, one person, one service or one address asks as often as it likes."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from domain.token_bucket import Rate
from gateway.edge.rates import RATES, RateKey, Rates
from schemas.links import Question
from tests.support.lives import MENTEE
from tests.unit.gateway.factories import House, house, matched

EVENTS = {
    "content-type": "application/cloudevents+json",
    "authorization": "Bearer token-lms",
}


def once(key: RateKey) -> Rates:
    return {**RATES, key: Rate(burst=1, per_second=0.01)}


@pytest.fixture
async def limited(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """One request of the kind that the test is about, and a minute and a half for the next."""
    async with house(rates=once(request.param)) as made:
        made.put(matched())
        yield made


@pytest.mark.parametrize("limited", [RateKey.LINK], indirect=True)
async def test_a_link_is_opened_only_so_often(limited: House) -> None:
    path = limited.link(Question.HELP)
    found = [(await limited.browser.get(path)).status_code for _ in range(3)]
    assert found == [200, 429, 429]


@pytest.mark.parametrize("limited", [RateKey.LINK], indirect=True)
async def test_another_link_is_not_held_back(limited: House) -> None:
    await limited.browser.get(limited.link(Question.HELP))
    other = limited.link(Question.AGREE, mentee=MENTEE)
    assert (await limited.browser.get(other)).status_code == 200


@pytest.mark.parametrize("limited", [RateKey.PERSON], indirect=True)
async def test_a_person_answers_only_so_often_whichever_link_they_use(
    limited: House,
) -> None:
    paths = limited.link(Question.HELP), limited.link(Question.AGREE, mentee=MENTEE)
    found = [
        (await limited.browser.post(path, data={"call": "yes"})).status_code
        for path in paths
    ]
    assert found == [303, 429]


@pytest.mark.parametrize("limited", [RateKey.SOURCE], indirect=True)
async def test_a_service_sends_only_so_often(limited: House) -> None:
    found = [
        (
            await limited.browser.post("/events", content=b"{}", headers=EVENTS)
        ).status_code
        for _ in range(2)
    ]
    assert found == [422, 429]


@pytest.mark.parametrize("limited", [RateKey.ADDRESS], indirect=True)
async def test_an_address_asks_only_so_often(limited: House) -> None:
    found = [(await limited.browser.get("/readyz")).status_code for _ in range(2)]
    assert found == [200, 429]


@pytest.mark.parametrize("limited", [RateKey.REFUSED], indirect=True)
@pytest.mark.parametrize("path", ["/q/guess", "/events/guess"])
async def test_links_and_tokens_are_guessed_only_so_often(
    limited: House, path: str
) -> None:
    found = [(await limited.browser.get(path)).status_code for _ in range(2)]
    assert found in ([404, 429], [401, 429])


@pytest.mark.parametrize("limited", [RateKey.REFUSED], indirect=True)
async def test_whoever_guesses_locks_out_nobody_of_the_same_address(
    limited: House,
) -> None:
    """An office, or a proxy that is not named, is one address for many."""
    for _ in range(3):
        await limited.browser.get("/q/guess")
        await limited.browser.get("/events/guess")
    found = await limited.browser.get(limited.link(Question.HELP))
    sent = await limited.browser.post("/events", content=b"{}", headers=EVENTS)
    assert (found.status_code, sent.status_code) == (200, 422)


@pytest.mark.parametrize("limited", [RateKey.LINK], indirect=True)
async def test_the_answer_says_when_to_come_again(limited: House) -> None:
    path = limited.link(Question.HELP)
    await limited.browser.get(path)
    answer = await limited.browser.get(path)
    assert 90 <= int(answer.headers["retry-after"]) <= 100


@pytest.mark.parametrize("limited", [RateKey.LINK], indirect=True)
async def test_a_person_reads_a_page_in_their_language(limited: House) -> None:
    path = limited.link(Question.HELP)
    await limited.browser.get(path)
    french = {"accept": "text/html", "accept-language": "fr-FR"}
    answer = await limited.browser.get(path, headers=french)
    assert (answer.status_code, "Un instant" in answer.text) == (429, True)


async def test_a_proxy_that_is_named_is_not_one_client() -> None:
    rates = once(RateKey.ADDRESS)
    async with house(rates=rates, proxies=("127.0.0.0/8",)) as here:
        found = [
            (
                await here.browser.get("/readyz", headers={"x-forwarded-for": client})
            ).status_code
            for client in ("203.0.113.1", "203.0.113.2", "203.0.113.2")
        ]
    assert found == [200, 200, 429]


async def test_a_proxy_that_is_not_named_is_warned_of_once() -> None:
    with capture_logs() as logs:
        async with house() as here:
            for _ in range(2):
                headers = {"x-forwarded-for": "203.0.113.9"}
                await here.browser.get("/healthz", headers=headers)
    found = [line for line in logs if line["event"] == "proxy_not_named"]
    assert [line["setting"] for line in found] == ["BINOME_PROXIES"]


async def test_a_sender_does_not_choose_its_own_address() -> None:
    async with house(rates=once(RateKey.ADDRESS), client="203.0.113.1") as here:
        found = [
            (
                await here.browser.get("/readyz", headers={"x-forwarded-for": client})
            ).status_code
            for client in ("203.0.113.2", "203.0.113.3")
        ]
    assert found == [200, 429]
