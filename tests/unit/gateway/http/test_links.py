"""Signed links: what is signed is read back, and nothing else is."""

import pytest
import time_machine

from gateway.links import LinkExpired, LinkInvalid, Links
from schemas.links import Link, Question

PAIR = "pair:mentorat-2027:comex:1:paaaaaaaaaaaaa:1"
LINK = Link(
    question=Question.ANSWER,
    pair=PAIR,
    person="pbbbbbbbbbbbbb",
    role="delegate",
    session=2,
    sequence=3,
)
KEY = b"a key" * 8
NEW_KEY = b"a new key" * 4


@pytest.fixture
def links() -> Links:
    return Links([KEY], "https://mentoring.example/")


def test_a_link_reads_back_as_what_was_signed(links: Links) -> None:
    assert links.read(links.token(LINK)) == LINK


def test_an_address_begins_with_the_public_one_and_holds_the_token(
    links: Links,
) -> None:
    address = links.url(LINK)
    assert address.startswith("https://mentoring.example/q/")
    assert links.read(address.rpartition("/")[2]) == LINK


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "W10.aaaa.bbbb", "é" * 20])
def test_nonsense_is_refused_without_quoting_it(links: Links, token: str) -> None:
    with pytest.raises(LinkInvalid, match="copy the whole line"):
        links.read(token)


def test_one_changed_character_is_refused(links: Links) -> None:
    token = links.token(LINK)
    with pytest.raises(LinkInvalid):
        links.read(("A" if token[0] != "A" else "B") + token[1:])


def test_a_token_of_another_key_is_refused(links: Links) -> None:
    with pytest.raises(LinkInvalid):
        links.read(Links([NEW_KEY], "https://mentoring.example").token(LINK))


def test_a_token_of_an_older_key_is_read_after_the_key_changed(links: Links) -> None:
    after = Links([NEW_KEY, KEY], "https://mentoring.example")
    assert after.read(links.token(LINK)) == LINK


def test_nothing_is_signed_with_an_older_key() -> None:
    token = Links([NEW_KEY, KEY], "https://mentoring.example").token(LINK)
    assert Links([NEW_KEY], "https://mentoring.example").read(token) == LINK


def test_a_link_is_too_old_after_four_hundred_days(links: Links) -> None:
    with time_machine.travel("2027-01-01T00:00:00Z", tick=False):
        token = links.token(LINK)
    with (
        time_machine.travel("2028-03-01T00:00:00Z", tick=False),
        pytest.raises(LinkExpired),
    ):
        links.read(token)


def test_a_short_key_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Links([b"short"], "https://mentoring.example")


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (PAIR, f"/pairs/{PAIR}"),
        ("cohort:mentorat-2027:comex:1", "/cohorts/cohort:mentorat-2027:comex:1"),
        ("programme:mentorat-2027", "/programmes/mentorat-2027"),
    ],
)
def test_the_console_has_a_page_for_each_scope(
    links: Links, scope: str, path: str
) -> None:
    assert links.console_url(scope) == f"https://mentoring.example{path}"
