"""Row 7 of the review: a closed invitation handed out fresh links for all that its role may do."""

import re
from collections.abc import Callable

import httpx
import pytest

from domain.notices.notice_questions import question_link
from domain.pair.open_questions import ROLES_ASKED
from gateway.app import build_app
from gateway.links import Links
from gateway.temporal import WorkflowClient
from schemas.links import Link, Question
from schemas.pair import PairState
from schemas.pair_updates import EndPair
from tests.attacks.people.leavers import mailed, path
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import (
    held,
    matched,
    played,
    proposed,
    save,
    start_of,
    token,
)
from tests.unit.notifications.fakes import FakeSender
from workers.secrets import LINKS, derived_key

WHO = {
    "mentor": "ANNA",
    "mentee": "BOSS",
    "delegate": "ASSISTANT",
    "supervisor": "COACH",
}
ADDRESS_OF_A_PAGE = re.compile(r"/q/([^\"\'?\s<]+)")


def ended(site: Site) -> PairState:
    return played(held(site), EndPair(reason="asked"))


STATES: list[Callable[[Site], PairState]] = [start_of, matched, proposed, held, ended]


def every_link(site: Site) -> list[str]:
    """The token of every question for everybody who may be asked it."""
    return [
        token(site, question, role, WHO[role], session=1, check=1)
        for question, roles in ROLES_ASKED.items()
        for role in sorted(roles)
    ]


@pytest.mark.parametrize("state", STATES)
async def test_no_page_of_a_link_holds_another_link(
    site: Site, state: Callable[[Site], PairState]
) -> None:
    await save(site, state(site))
    for own in every_link(site):
        for page in (
            await site.browser.get(f"/q/{own}"),
            await site.browser.get(f"/q/{own}?thanks=answer_no"),
            await site.browser.post(f"/q/{own}", data={}),
            await site.browser.post(f"/q/{own}/links", follow_redirects=True),
            await site.browser.post(f"/q/{own}/my-data", follow_redirects=True),
        ):
            others = {
                found.removesuffix("/links").removesuffix("/my-data")
                for found in ADDRESS_OF_A_PAGE.findall(page.text)
            } - {own}
            assert not others, page.url


async def test_a_closed_page_mails_the_current_links_to_the_persons_own_address(
    site: Site,
) -> None:
    await save(site, held(site))
    await mailed(site)
    old = path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    page = await site.browser.get(old)
    assert "Recevoir mes liens actuels" in page.text
    answer = await site.browser.post(f"{old}/links", follow_redirects=True)
    assert (answer.status_code, "au plus une fois par heure" in answer.text) == (
        200,
        True,
    )
    assert await mailed(site) == ["boss@example.org"]


async def test_a_stolen_link_writes_one_mail_an_hour_at_most(site: Site) -> None:
    await save(site, held(site))
    await mailed(site)
    old = path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    written = []
    for _ in range(60):
        await site.browser.post(f"{old}/links")
        written += await mailed(site)
    assert len(written) <= 2  # an hour may end meanwhile


async def test_a_question_that_is_no_longer_theirs_mails_nothing(site: Site) -> None:
    await save(site, held(site))
    await mailed(site)
    for role, who in (("mentee", "CFO"), ("delegate", "LEAD"), ("supervisor", "LEAD")):
        question = Question.CHECK_IN if role == "supervisor" else Question.WINDOWS
        await site.browser.post(path(site, question, role, who) + "/links")
    assert await mailed(site) == []


async def another_gateway(site: Site) -> httpx.AsyncClient:
    app = build_app(site.world.store, WorkflowClient(site.client), site.gateway.options)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50001))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


async def test_ops_close_all_links_of_a_person_at_once_on_every_gateway(
    site: Site,
) -> None:
    await save(site, held(site))
    await mailed(site)
    stolen = path(site, Question.PULSE, "mentee", "BOSS", session=1)
    others = path(site, Question.PULSE, "mentor", "ANNA", session=1)
    boss = site.world.ids["BOSS"]
    closed = await site.browser.post(f"/people/{boss}/links/close")
    assert closed.status_code == 303
    before = await site.world.store.inbox.counts()
    async with await another_gateway(site) as other:
        for browser in (site.browser, other):
            for answer in (
                await browser.get(stolen),
                await browser.post(stolen, data={"score": "1"}),
                await browser.post(f"{stolen}/links"),
            ):
                assert answer.status_code == 404
        assert (await other.get(others)).status_code == 200
    assert await site.world.store.inbox.counts() == before


async def test_the_links_mailed_after_all_were_closed_are_read(site: Site) -> None:
    await save(site, held(site))
    await mailed(site)
    await site.browser.post(f"/people/{site.world.ids['BOSS']}/links/close")
    rows = await site.world.store.outbox.lease_due("mail", 20, 60)
    assert {row.person.email for row in rows} == {"boss@example.org"}
    for row in rows:
        link = question_link(row, row.notice.questions[0])
        assert link is not None
        page = await site.browser.get(f"/q/{site.gateway.links.token(link)}")
        assert page.status_code == 200


async def test_no_link_is_mailed_to_a_pulse_that_was_given(site: Site) -> None:
    await save(site, held(site))
    pulse = path(site, Question.PULSE, "mentee", "BOSS", session=1)
    await site.browser.post(pulse, data={"score": "4"})
    await mailed(site)
    await site.browser.post(f"/people/{site.world.ids['BOSS']}/links/close")
    rows = await site.world.store.outbox.lease_due("mail", 20, 60)
    questions = {question for row in rows for question in row.notice.questions}
    assert questions and Question.PULSE not in questions


async def test_a_link_cannot_be_made_to_outlive_the_closing(site: Site) -> None:
    """A generation that is still to come would survive the next time that ops close all links."""
    await save(site, held(site))
    ahead = path(site, Question.PULSE, "mentee", "BOSS", session=1, generation=1)
    assert (await site.browser.get(ahead)).status_code == 404


async def test_no_link_signed_with_the_secret_itself_or_another_purpose_is_read(
    site: Site,
) -> None:
    await save(site, held(site))
    secret = "s" * 32
    link = Link(
        question=Question.PULSE,
        pair=site.world.pair().workflow_id,
        person=site.world.ids["BOSS"],
        role="mentee",
        session=1,
    )
    keys = (secret.encode(), derived_key(secret, "sealing"))
    theirs = Links([derived_key(secret, LINKS)], "http://localhost")
    for key in keys:
        forged = Links([key], "http://localhost").token(link)
        with pytest.raises(Exception, match="not complete"):
            theirs.read(forged)


async def test_mails_say_in_what_they_hold_who_reads_them(site: Site) -> None:
    """Each link of the mail with current links opens one question of the reader's own role."""
    await save(site, held(site))
    await mailed(site)
    old = path(site, Question.ANSWER, "mentor", "ANNA", session=1)
    await site.browser.post(f"{old}/links")
    rows = await site.world.store.outbox.lease_due("mail", 20, 60)
    assert {row.notice.questions for row in rows} <= {
        (question,) for question, roles in ROLES_ASKED.items() if "mentor" in roles
    }
    assert FakeSender().mails == []
