"""What ops are told after a decision, and what a page leaves out until it is true."""

import pytest

from schemas.records.inbox import NewEvent
from schemas.records.listings import (
    DecisionListing,
    MatchChange,
    MatchReview,
    PauseListing,
)
from tests.support.lives import MENTEE, MENTOR, MONDAY
from tests.unit.gateway.console.programmes import COMEX, MATCHES, reviewed, running
from tests.unit.gateway.console.test_resending import refused
from tests.unit.gateway.factories import House, proposed
from tests.unit.gateway.fakes.messages import RECEIVED

TWO = {"run": "3", "mentor": MENTOR}


@pytest.mark.parametrize(("run", "shown"), [(2, True), (3, False)])
async def test_between_two_runs_no_change_is_shown(
    at_home: House, run: int, shown: bool
) -> None:
    gone = MatchChange(
        kind="gone", mentee_name="Karl Ott", mentor_before="Ana Ruiz", score_before=0.61
    )
    line = DecisionListing(revision=1, what="rerun", run=run, by="console", at=MONDAY)
    at_home.store.reviews.review = MatchReview(run=3, changes=(gone,), decided=(line,))
    page = (await at_home.browser.get(MATCHES)).text
    assert ("What changed since run 2" in page, "is being matched again" in page) == (
        shown,
        not shown,
    )


async def test_a_region_opened_without_its_needs_says_which_are_waited_for(
    at_home: House,
) -> None:
    running(at_home)
    answer = await at_home.browser.post(
        "/programmes/demo/regions/ouest/extend", follow_redirects=True
    )
    assert "It opens as soon as its needs are ticked: notice." in answer.text


async def test_the_last_need_says_that_it_opens_the_region(at_home: House) -> None:
    running(at_home)
    assert (
        "Tick notice and open ouest"
        in (await at_home.browser.get("/programmes/demo")).text
    )
    form = {"need": "notice"}
    answer = await at_home.browser.post(
        "/programmes/demo/regions/ouest/tick_need", data=form, follow_redirects=True
    )
    assert "It was the last one: ouest is being opened." in answer.text


async def test_what_is_approved_while_paused_is_asked_later(at_home: House) -> None:
    reviewed(at_home)
    at_home.store.pauses.listings = [
        PauseListing(scope=COMEX.workflow_id, reason="holidays", since=RECEIVED)
    ]
    page = (await at_home.browser.get(f"{MATCHES}?done=approve")).text
    assert (
        "Approved; both are asked when comex goes on." in page
        and "this wave, since 11 Jan 2027" in page
    )


@pytest.mark.parametrize(
    ("mentee", "done"), [(MENTEE, "ban_proposed"), (MENTOR, "ban")]
)
async def test_two_who_are_proposed_and_kept_apart_have_the_rest_matched_again(
    at_home: House, mentee: str, done: str
) -> None:
    reviewed(at_home)
    answer = await at_home.browser.post(
        f"{MATCHES}/ban", data={**TWO, "mentee": mentee}
    )
    assert answer.headers["location"].endswith(f"?done={done}")


async def test_an_event_that_did_not_arrive_names_its_id_and_whom_it_is_about(
    at_home: House,
) -> None:
    at_home.put(proposed())
    event = NewEvent(
        key="k",
        source="hr",
        event_id="hr-77",
        type="binome.left.v1",
        kind="person_left",
        person=MENTOR,
    )
    await at_home.store.inbox.store([event])
    page = (await at_home.browser.get("/refused")).text
    assert (
        "<code>hr-77</code>" in page
        and f'<a href="/people/{MENTOR}">Ana Ruiz</a>' in page
    )


async def test_a_refused_message_can_be_dismissed_and_says_by_whom(
    at_home: House,
) -> None:
    refused(at_home, workflow_id="delivery:mail")
    await at_home.browser.post("/refused/7/dismiss")
    waiting = (await at_home.browser.get("/refused")).text
    page = (await at_home.browser.get("/refused?messages=resent")).text
    assert (
        "delivery:mail" not in waiting
        and "dismissed by Olga Roy, 11 Jan 2027, 09:00" in page
    )


async def test_what_is_no_message_cannot_be_dismissed(at_home: House) -> None:
    assert (await at_home.browser.post("/refused/8/dismiss")).status_code == 404


@pytest.mark.parametrize(
    ("code", "link"),
    [
        ("refused_messages", '<a href="/refused">Not delivered</a>'),
        ("matches_to_review", f'<a href="{MATCHES}">comex</a>'),
        (
            "held_lapses",
            f'<a href="/cohorts/{COMEX.workflow_id}?stage=sessions">comex</a>',
        ),
        ("extension", '<a href="#r-ouest-0">ouest</a>'),
    ],
)
async def test_what_waits_for_somebody_leads_to_where_one_acts(
    at_home: House, code: str, link: str
) -> None:
    running(at_home)
    status = at_home.store.status.statuses["demo"]
    regions = (
        status.regions[0],
        status.regions[1].model_copy(update={"status": "proposed"}),
    )
    changed = {"waiting_for": {code: 2}, "regions": regions}
    at_home.store.status.statuses["demo"] = status.model_copy(update=changed)
    assert link in (await at_home.browser.get("/programmes/demo")).text


async def test_a_pause_of_one_region_names_the_region(at_home: House) -> None:
    running(at_home)
    answer = await at_home.browser.post(
        "/programmes/demo/regions/comex/pause", follow_redirects=True
    )
    assert "comex is paused. Its pairs are being signalled" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/x",
        "/cohorts/x",
        "/cohorts/cohort:demo:comex:9",
        "/cohorts/cohort:demo:comex:9/matches",
    ],
)
async def test_what_is_not_there_is_a_page_of_the_console(
    at_home: House, path: str
) -> None:
    running(at_home)
    answer = await at_home.browser.get(path)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text and "Not delivered" in answer.text


async def test_a_browser_gets_the_mark_for_its_tab(at_home: House) -> None:
    answer = await at_home.browser.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "image/svg+xml",
    )
