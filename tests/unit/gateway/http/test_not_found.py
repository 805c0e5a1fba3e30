"""Addresses that lead nowhere, and methods that an address does not take."""

import httpx
import pytest

from tests.unit.gateway.factories import House

PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FRENCH = "fr-FR,fr;q=0.9"


async def ask(
    house: House,
    path: str,
    accept: str = PAGE,
    method: str = "GET",
    language: str = "en",
) -> httpx.Response:
    return await house.browser.request(
        method, path, headers={"accept": accept, "accept-language": language}
    )


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "There is nothing here"), (FRENCH, "Il n’y a rien ici")],
)
@pytest.mark.parametrize("path", ["/foo", "/programmes/x/y/z", "/static/none.css"])
async def test_people_get_a_page_with_a_way_back(
    at_home: House, path: str, language: str, title: str
) -> None:
    answer = await ask(at_home, path, language=language)
    assert (
        answer.status_code,
        f"<h1>{title}</h1>" in answer.text,
        '<a href="/">' in answer.text,
    ) == (404, True, True)


@pytest.mark.parametrize("path", ["/q", "/q/", "/q/cut/in.two"])
async def test_a_malformed_link_gets_the_page_of_one_that_was_cut(
    at_home: House, path: str
) -> None:
    answer = await ask(at_home, path)
    assert (answer.status_code, "does not lead anywhere" in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/foo", "application/json"),
        ("/foo", "*/*"),
        ("/events/a/b", PAGE),
        ("/api/nothing", PAGE),
    ],
)
async def test_services_get_a_problem(at_home: House, path: str, accept: str) -> None:
    answer = await ask(at_home, path, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (
        404,
        "application/problem+json",
    )
    assert answer.json()["detail"] == "There is nothing at this address."


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/events", "PUT", "POST"),
        ("/q/x", "DELETE", "GET, POST"),
        ("/events", "GET", "POST"),
    ],
)
async def test_a_service_gets_the_allowed_methods(
    at_home: House, path: str, method: str, allowed: str
) -> None:
    answer = await ask(at_home, path, "*/*", method)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["detail"] == f"Not with this method; allowed here: {allowed}."


async def test_the_address_of_a_button_is_no_page(at_home: House) -> None:
    answer = await ask(at_home, "/refused/8/dismiss")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "There is nothing here" in answer.text


async def test_a_form_that_cannot_be_read_is_a_problem_that_repeats_nothing(
    at_home: House,
) -> None:
    headers = {"content-type": "multipart/form-data"}
    answer = await at_home.browser.post(
        "/people/preview", content=b"Jeanne", headers=headers
    )
    assert (answer.status_code, answer.headers["content-type"]) == (
        400,
        "application/problem+json",
    )
    assert "Jeanne" not in answer.text
