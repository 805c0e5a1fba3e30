"""Row 6 of the review: a supervisor who left still answered, and a call for help went to her alone."""

import pytest

from schemas.events import ConcernRaised
from schemas.links import Question
from schemas.pair import PairState
from tests.attacks.people.leavers import leave, mailed, path
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, matched, played, proposed, save
from tests.support.accounts import COOKIE, signed_in
from tests.support.world import file, line

COACH, OPS, SPONSOR = "coach@example.org", "ops@example.org", "sponsor@example.org"


def asked_for_help(site: Site) -> PairState:
    return played(held(site), ConcernRaised(concern="c1"))


async def kept(site: Site) -> int:
    return sum((await site.world.store.inbox.counts()).values())


async def test_somebody_who_left_sees_no_page_and_nothing_they_press_counts(
    site: Site,
) -> None:
    await save(site, asked_for_help(site))
    links = {
        "COACH": (
            path(site, Question.CHECK_IN, "supervisor", "COACH", check=1),
            "well",
        ),
        "BOSS": (path(site, Question.PULSE, "mentee", "BOSS", session=1), "score"),
        "ASSISTANT": (path(site, Question.WINDOWS, "delegate", "ASSISTANT"), "x"),
        "ANNA": (path(site, Question.HELP, "mentor", "ANNA"), "call"),
    }
    await leave(site, *links)
    before = await kept(site)
    for where, field in links.values():
        seen = await site.browser.get(where)
        pressed = await site.browser.post(where, data={field: "yes"})
        asked = await site.browser.post(f"{where}/links")
        assert [one.status_code for one in (seen, pressed, asked)] == [404] * 3
        assert "Name of" not in seen.text
    assert await kept(site) == before


async def test_whoever_stands_in_for_a_supervisor_who_left_has_a_page_that_counts(
    site: Site,
) -> None:
    await save(site, asked_for_help(site))
    await leave(site, "COACH")
    before = await kept(site)
    where = path(site, Question.CHECK_IN, "supervisor", "OPS", check=1)
    answer = await site.browser.post(where, data={"well": "yes"})
    assert (answer.status_code, await kept(site)) == (303, before + 1)


STAND_INS = [
    # who left before                       who reads the call for help
    ((), COACH),
    (("COACH",), OPS),
    (("COACH", "OPS"), SPONSOR),
]


@pytest.mark.parametrize(("gone", "reader"), STAND_INS)
async def test_a_call_for_help_goes_to_nobody_who_left(
    site: Site, gone: tuple[str, ...], reader: str
) -> None:
    await save(site, held(site))
    await leave(site, *gone)
    await mailed(site)
    asked = played(held(site), ConcernRaised(concern="c1"))
    await save(site, asked)
    assert await mailed(site) == [reader]


@pytest.mark.parametrize(("gone", "reader"), STAND_INS)
async def test_a_call_that_was_queued_before_they_left_is_passed_on(
    site: Site, gone: tuple[str, ...], reader: str
) -> None:
    await save(site, held(site))
    await mailed(site)
    await save(site, asked_for_help(site))
    await leave(site, *gone)
    assert await mailed(site) == [reader]


async def test_a_call_that_nobody_is_left_to_read_is_shown_as_failed(
    site: Site,
) -> None:
    await save(site, held(site))
    await mailed(site)
    await save(site, asked_for_help(site))
    await leave(site, "COACH", "OPS", "SPONSOR")
    assert await mailed(site) == []
    assert (await site.world.store.outbox.counts())["failed"] == 1


async def test_ops_who_left_are_not_told_while_others_are_there(site: Site) -> None:
    await site.world.store.imports.apply(file(line("OPS2", "idf", roles="ops")))
    await leave(site, "OPS", "COACH")
    await save(site, asked_for_help(site))
    assert "ops2@example.org" in await mailed(site)


@pytest.mark.parametrize("gone", ["BOSS", "ANNA", "ASSISTANT"])
async def test_neither_mail_nor_calendar_reaches_a_participant_who_left(
    site: Site, gone: str
) -> None:
    await save(site, matched(site))
    await mailed(site)
    await save(site, proposed(site))
    await leave(site, gone)
    addresses = {f"{who.lower()}@example.org" for who in ("BOSS", "ANNA", "ASSISTANT")}
    gone_to = f"{gone.lower()}@example.org"
    assert set(await mailed(site)) == addresses - {gone_to}


async def test_the_mentee_answers_where_the_delegate_left(site: Site) -> None:
    await leave(site, "ASSISTANT")
    await save(site, proposed(site))
    assert "boss@example.org" in await mailed(site)
    page = await site.browser.get(
        path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    )
    assert page.status_code == 200


async def test_the_account_of_somebody_who_left_opens_nothing_any_more(
    site: Site,
) -> None:
    accounts = site.world.store.accounts
    cookie = await signed_in(site.world.store, "ops", person=site.world.ids["OPS"])
    account = await accounts.by_login("ops")
    assert account is not None
    ways = (
        {"cookie": f"{COOKIE}={cookie}"},
        {"authorization": f"Bearer {await accounts.new_token(account.actor)}"},
    )
    site.browser.cookies.clear()
    seen = [await site.browser.get("/people", headers=way) for way in ways]
    assert [answer.status_code for answer in seen] == [200, 200]
    await leave(site, "OPS")
    seen = [await site.browser.get("/people", headers=way) for way in ways]
    assert {answer.status_code for answer in seen} <= {303, 401, 403}
    assert await accounts.revoke("ops")


async def test_a_service_that_answers_for_somebody_who_left_is_refused(
    site: Site,
) -> None:
    await save(site, held(site))
    await leave(site, "BOSS")
    answer = await site.send("pulse_received", "BOSS", session=1, score=1)
    assert answer.status_code == 422
    assert "left" in answer.text
