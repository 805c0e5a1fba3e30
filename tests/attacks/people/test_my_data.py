"""A link to all that is held about somebody: forwarded, forged, kept too long, or asked for a thousand times."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as modern

import httpx
import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer

from gateway.edge.rates import RateLimits
from gateway.links import MY_DATA_SALT, SALT, Links
from schemas.events import Side
from schemas.links import Link, Question
from tests.attacks.people.leavers import deliver, leave, mailed, path
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, save
from tests.support.rehearsal.own_sql import database
from tests.support.world import file, line
from tests.unit.notifications.fakes import FakeSender

COMMENT = "between us: he shouts"
LINK = re.compile(r"http://localhost(/my-data/\S+)")
FILE = {"as": "json"}


async def told(site: Site) -> str:
    """Boss wrote something; returns a link of theirs to a question."""
    await save(site, held(site))
    pair, boss = site.world.pair(), site.world.ids["BOSS"]
    answers = site.world.store.answers
    await answers.save_pulse(pair, 1, Side.MENTEE, boss, 2, "", COMMENT, True)
    await mailed(site)
    return path(site, Question.WINDOWS, "mentee", "BOSS")


async def sent(site: Site) -> tuple[list[str], list[str]]:
    """Addresses that get mail now, and the links to data in it."""
    sender = FakeSender()
    await deliver(site, sender)
    found: list[str] = []
    for mail in sender.mails:
        part = message_from_bytes(mail.data, policy=modern).get_body(("plain",))
        assert part is not None
        found += LINK.findall(part.get_content())
    return [mail.recipient for mail in sender.mails], found


async def own_link(site: Site) -> str:
    await site.browser.post(f"{await told(site)}/my-data")
    _, (link,) = await sent(site)
    return link


async def readings(site: Site, who: str) -> list[tuple[str, str]]:
    """Who read about somebody, and what."""
    entries = await site.world.store.access_trail.entries(about=site.world.ids[who])
    return [(entry.actor, entry.what) for entry in entries]


def stop_clock_of_limits(site: Site) -> None:
    """However long a test lasts, no bucket is refilled."""
    rates = RateLimits(site.gateway.options.rates, clock=lambda: 0.0)
    site.app.state.gateway = replace(site.gateway, rates=rates)


def tells(answer: httpx.Response) -> bool:
    """Whether an answer tells anything about Boss."""
    return any(text in answer.text for text in (COMMENT, "BOSS", "boss@", "Name of"))


async def test_whoever_holds_a_forwarded_link_gets_nothing_and_the_person_a_mail(
    site: Site,
) -> None:
    forwarded = await told(site)
    answer = await site.browser.post(f"{forwarded}/my-data", follow_redirects=True)
    assert (answer.status_code, tells(answer), "/my-data/" in answer.text) == (
        200,
        False,
        False,
    )
    recipients, links = await sent(site)
    assert (recipients, len(links)) == (["boss@example.org"], 1)


async def test_the_reader_reads_all_of_it_and_each_reading_is_on_record(
    site: Site,
) -> None:
    link, boss = await own_link(site), site.world.ids["BOSS"]
    page = await site.browser.post(link)
    assert (page.status_code, COMMENT in page.text) == (200, True)
    given = await site.browser.post(link, data=FILE)
    exported = await site.world.store.erasures.held_about(boss)
    assert given.json() == {"person": "BOSS", "held": exported}
    assert given.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    assert await readings(site, "BOSS") == [(boss, "my_data")] * 2
    for answer in (page, given):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_mail_scanner_or_a_preview_reads_nothing_and_spends_nothing(
    site: Site, method: str
) -> None:
    link = await own_link(site)
    for _ in range(5):
        answer = await site.browser.request(method, link)
        assert not tells(answer), answer.text
    assert await readings(site, "BOSS") == []
    assert COMMENT in (await site.browser.post(link)).text


async def test_an_hour_later_it_opens_nothing(site: Site) -> None:
    link = await own_link(site)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61), tick=True):
        for answer in (
            await site.browser.get(link),
            await site.browser.post(link),
            await site.browser.post(link, data=FILE),
        ):
            assert (answer.status_code, tells(answer)) == (404, False)
            assert "opened for an hour" in answer.text
    assert await readings(site, "BOSS") == []


async def test_ops_close_it_with_all_links_of_the_person(site: Site) -> None:
    link, boss = await own_link(site), site.world.ids["BOSS"]
    await site.browser.post(f"/people/{boss}/links/close")
    answer = await site.browser.post(link)
    assert (answer.status_code, tells(answer)) == (404, False)


async def moves(site: Site) -> None:
    """Whoever imports people gives Boss an address of their own."""
    moved = line("BOSS", roles="mentee", email="hr@example.org")
    await site.world.store.imports.apply(file(moved))


async def test_it_opens_nothing_once_the_address_it_went_to_is_another(
    site: Site,
) -> None:
    link = await own_link(site)
    await moves(site)
    answer = await site.browser.post(link)
    assert (answer.status_code, tells(answer)) == (404, False)


async def test_whoever_changes_the_address_of_somebody_reads_nothing_for_a_week(
    site: Site,
) -> None:
    """They have the current links mailed there, and ask with one of them; the old address is told."""
    await told(site)
    await moves(site)
    await site.browser.post(f"/people/{site.world.ids['BOSS']}/links/close")
    question = path(site, Question.WINDOWS, "mentee", "BOSS", generation=1)
    answer = await site.browser.post(f"{question}/my-data", follow_redirects=True)
    assert (answer.status_code, tells(answer)) == (200, False)
    recipients, links = await sent(site)
    assert "boss@example.org" in recipients and links == []
    boss = await site.world.store.people.find(site.world.ids["BOSS"])
    assert boss
    opened = await site.browser.post(site.gateway.links.my_data_url(boss))
    assert (opened.status_code, tells(opened)) == (404, False)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=True):
        await site.browser.post(f"{question}/my-data")
        assert await mailed(site) == ["hr@example.org"]


async def test_who_left_gets_no_mail_and_reads_nothing(site: Site) -> None:
    question = await told(site)
    await site.browser.post(f"{question}/my-data")
    _, (link,) = await sent(site)
    await leave(site, "BOSS")
    asked = await site.browser.post(f"{question}/my-data")
    answer = await site.browser.post(link)
    assert [asked.status_code, answer.status_code, tells(answer)] == [404, 404, False]
    recipients, links = await sent(site)
    assert "boss@example.org" not in recipients and links == []


async def test_who_left_since_they_asked_gets_no_mail_and_nobody_does_instead(
    site: Site,
) -> None:
    """A supervisor's other mails are passed on."""
    await save(site, held(site))
    await mailed(site)
    question = path(site, Question.CHECK_IN, "supervisor", "COACH", check=1)
    await site.browser.post(f"{question}/my-data")
    await leave(site, "COACH")
    _, links = await sent(site)
    assert links == []


async def test_no_link_of_another_purpose_or_key_opens_it(site: Site) -> None:
    question, links = await told(site), site.gateway.links
    boss = await site.world.store.people.find(site.world.ids["BOSS"])
    anna = await site.world.store.people.find(site.world.ids["ANNA"])
    assert boss and anna
    genuine = links.my_data_url(boss).rpartition("/")[2]
    of_anna = links.my_data_url(anna).rpartition("/")[2]
    signed, _, signature = genuine.rpartition(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    forged = Links([b"another key" * 4], "http://localhost").my_data_url(boss)
    packed = URLSafeTimedSerializer(b"k" * 32, salt=MY_DATA_SALT).loads(genuine)
    tokens = [
        URLSafeTimedSerializer(b"k" * 32, salt=SALT).dumps(packed),
        question.removeprefix("/q/"),
        forged.rpartition("/")[2],
        f"{signed}.{changed}",
        genuine.partition(".")[0] + of_anna[of_anna.index(".") :],
        genuine.partition(".")[0],
    ]
    for token in tokens:
        answer = await site.browser.post(f"/my-data/{token}")
        assert (answer.status_code, tells(answer)) == (404, False), token
    assert (await site.browser.get(f"/q/{genuine}")).status_code == 404
    anothers = await site.browser.post(f"/my-data/{of_anna}")
    assert (anothers.status_code, COMMENT in anothers.text) == (200, False)


async def test_a_page_that_is_asked_for_a_thousand_times_in_a_moment_is_read_ten_times(
    site: Site,
) -> None:
    link = await own_link(site)
    stop_clock_of_limits(site)
    codes = [(await site.browser.post(link)).status_code for _ in range(1000)]
    assert codes == [200] * 10 + [429] * 990
    assert len(await readings(site, "BOSS")) == 10


async def test_a_thousand_presses_write_one_mail_an_hour(site: Site) -> None:
    question = await told(site)
    stop_clock_of_limits(site)
    for _ in range(60):
        await site.browser.post(f"{question}/my-data")
    recipients, links = await sent(site)
    assert len(recipients) == len(links) == 1


async def test_pages_of_several_pairs_write_one_mail_to_their_person(
    site: Site,
) -> None:
    bruno = site.world.ids["BRUNO"]
    for seat in (1, 2):
        pair = site.world.pair("BRUNO", seat).workflow_id
        question = Question.VOLUNTEER
        link = Link(question=question, pair=pair, person=bruno, role="mentor")
        page = f"/q/{site.gateway.links.token(link)}"
        assert (await site.browser.post(f"{page}/my-data")).status_code == 303
    assert (await sent(site))[0] == ["bruno@example.org"]


async def test_a_form_of_another_site_reads_nothing(site: Site) -> None:
    link = await own_link(site)
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = await site.browser.post(link, headers=foreign)
    assert (answer.status_code, tells(answer)) == (403, False)


async def test_a_rehearsal_mails_no_link_to_what_is_held_in_earnest(
    site: Site, database_url: str
) -> None:
    """Whoever runs it reads its mails, and the people are the same."""
    question = await told(site)
    async with database(database_url) as found:
        await found.do("update programmes set pace = 1.5")
    page = await site.browser.get(question)
    assert "/my-data" not in page.text
    await site.browser.post(f"{question}/my-data")
    assert (await sent(site))[1] == []
