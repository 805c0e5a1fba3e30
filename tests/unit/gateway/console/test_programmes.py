"""The console: what ops see and decide."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.temporal import TemporalUnavailable, UpdateRejected, WorkflowNotFound
from schemas.calendar import WorkCalendar
from schemas.clock import Clock
from schemas.ids import CohortRef
from schemas.inbox import EventState, NewEvent
from schemas.listings import (
    LedgerEntry,
    LeftListing,
    MatchListing,
    MatchReview,
    RefusedListing,
)
from schemas.matching import MatchReason
from schemas.policy import Policy
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Outcome, Stage
from schemas.status import ProgrammeStatus, RegionStatus
from tests.support.lives import MENTEE, MENTOR, MONDAY
from tests.unit.gateway.factories import PAIR_ID, House, house, matched, proposed

COMEX = CohortRef(programme="demo", region="comex")
OUEST = CohortRef(programme="demo", region="ouest")
MATCHES = f"/cohorts/{COMEX.workflow_id}/matches"
WEB_UI = "http://localhost:8233/namespaces/default/workflows"


def running(house: House) -> None:
    """Comex runs; ouest waits for two needs, of which one is ticked."""
    outcomes = {Outcome.COMPLETED: 3, Outcome.DEFERRED: 1}
    comex = RegionStatus(
        region="comex",
        wave=1,
        status="open",
        pairs=6,
        stages={Stage.SESSIONS: 2, Stage.CLOSED: 4},
        outcomes=outcomes,
    )
    ouest = RegionStatus(region="ouest", wave=0, status="needs")
    regions = (comex, ouest)
    house.store.status.statuses["demo"] = ProgrammeStatus(
        programme="demo", status="running", now=MONDAY, pace=1, regions=regions
    )
    plans = [
        CohortPlan(cohort=COMEX, policy=Policy(), calendar=WorkCalendar()),
        CohortPlan(
            cohort=OUEST,
            policy=Policy(),
            calendar=WorkCalendar(),
            after="comex",
            needs=("council", "notice"),
        ),
    ]
    clock = Clock(programme_epoch=MONDAY, wall_epoch=MONDAY)
    plan = ProgrammePlan(
        programme="demo", starts_at=MONDAY, clock=clock, cohorts=tuple(plans)
    )
    states = (
        RegionState(plan=plans[0], status="open"),
        RegionState(plan=plans[1], status="needs", ticked=("council",)),
    )
    house.store.programmes.states["demo"] = ProgrammeState(
        plan=plan, now=MONDAY, regions=states
    )


def reviewed(house: House) -> None:
    match = MatchListing(
        id="m1", mentor=MENTOR, mentor_name="Ana Ruiz", mentee=MENTEE, mentee_name="Marc Delorme", score=0.8,
        reasons=(MatchReason(rule="topics", items=("social_media",)),),
    )  # fmt: skip
    left = LeftListing(
        person=MENTEE,
        name="Karl Ott",
        side="mentee",
        reasons=(MatchReason(rule="minimum_levels"),),
    )
    house.store.reviews.review = MatchReview(run=3, matches=(match,), left=(left,))


async def test_without_programmes_the_first_page_says_how_to_start(
    at_home: House,
) -> None:
    page = (await at_home.browser.get("/")).text
    start = f"{WEB_UI}/start-workflow?workflowId=example&amp;taskQueue=binome&amp;workflowType=ProgrammeWorkflow"
    assert start in page and "No programme runs yet" in page


async def test_shipped_documents_can_be_copied(tmp_path: Path) -> None:
    (tmp_path / "cofely.json").write_text('{"programme": "mentorat"}')
    async with house(examples_dir=tmp_path) as made:
        page = (await made.browser.get("/")).text
    assert "cofely" in page and "&#34;mentorat&#34;" in page


async def test_a_programme_shows_regions_bars_and_needs(at_home: House) -> None:
    running(at_home)
    page = (await at_home.browser.get("/programmes/demo")).text
    assert 'aria-label="2 sessions, 3 completed, 1 closed otherwise"' in page
    assert "Tick notice" in page and "Tick council" not in page


async def test_a_region_whose_next_wave_is_to_come_says_when_and_lets_ops_decide(
    at_home: House,
) -> None:
    running(at_home)
    status = at_home.store.status.statuses["demo"]
    closed = status.regions[0].model_copy(
        update={"status": "closed", "next_wave_at": MONDAY + timedelta(days=182)}
    )
    at_home.store.status.statuses["demo"] = status.model_copy(
        update={"regions": (closed, status.regions[1])}
    )
    page = (await at_home.browser.get("/programmes/demo")).text
    assert "Wave 2 is proposed on 12 Jul 2027." in page
    assert "Open comex, wave 2" in page and "No further wave" in page


@pytest.mark.parametrize("path", ["/", "/programmes/demo"])
async def test_a_closed_programme_shows_its_end_and_no_clock(
    at_home: House, path: str
) -> None:
    running(at_home)
    ended = {
        "status": "closed",
        "now": MONDAY + timedelta(days=4000),
        "closed_at": MONDAY + timedelta(days=100),
    }
    at_home.store.status.statuses["demo"] = at_home.store.status.statuses[
        "demo"
    ].model_copy(update=ended)
    page = (await at_home.browser.get(path)).text
    assert ("Closed on 21 Apr 2027" in page, "2037" in page) == (True, False)


@pytest.mark.parametrize(
    ("notices", "waits"), [({"sent": 3}, False), ({"queued": 1, "sent": 3}, True)]
)
async def test_a_programme_says_why_mails_wait_only_while_some_do(
    at_home: House, notices: dict[str, int], waits: bool
) -> None:
    running(at_home)
    status = at_home.store.status.statuses["demo"]
    at_home.store.status.statuses["demo"] = status.model_copy(
        update={"notices": notices}
    )
    answer = await at_home.browser.get("/programmes/demo")
    assert (
        answer.status_code,
        "3 sent" in answer.text,
        "working hours" in answer.text,
    ) == (200, True, waits)


@pytest.mark.parametrize(
    ("decision", "form", "payload"),
    [
        (
            "extend",
            {"region": "ouest", "reason": "board"},
            {"region": "ouest", "reason": "board"},
        ),
        ("hold", {"region": "ouest"}, {"region": "ouest", "reason": "asked"}),
        ("conclude", {"region": "ouest"}, {"region": "ouest", "reason": "asked"}),
        (
            "tick_need",
            {"region": "ouest", "need": "notice"},
            {"region": "ouest", "need": "notice"},
        ),
    ],
)
async def test_ops_decide_on_regions(
    at_home: House, decision: str, form: dict[str, str], payload: object
) -> None:
    running(at_home)
    answer = await at_home.browser.post(f"/programmes/demo/{decision}", data=form)
    assert answer.headers["location"].startswith("/programmes/demo?done=")
    assert at_home.workflows.updates == [("programme:demo", decision, payload)]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (UpdateRejected("extend: needs are open: notice"), "needs are open"),
        (WorkflowNotFound(), "no running workflow"),
        (TemporalUnavailable(), "try again"),
    ],
)
async def test_a_decision_that_is_refused_says_why(
    at_home: House, failure: Exception, words: str
) -> None:
    running(at_home)
    at_home.workflows.failing = failure
    answer = await at_home.browser.post(
        "/programmes/demo/extend", data={"region": "ouest"}
    )
    assert (answer.status_code, words in answer.text) == (409, True)


async def test_a_cohort_lists_its_pairs_with_links_into_the_web_ui(
    at_home: House,
) -> None:
    running(at_home)
    at_home.put(matched())
    page = (await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}")).text
    assert "Ana Ruiz" in page and "Marc Delorme" in page
    assert f"{WEB_UI}/{PAIR_ID.replace(':', '%3A')}" in page


async def test_a_cohort_shows_ideas_as_text(at_home: House) -> None:
    running(at_home)
    at_home.store.answers.shared = ["Ask <b>first</b>"]
    shown = (await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}")).text
    assert "Ask &lt;b&gt;first&lt;/b&gt;" in shown


async def test_a_cohort_can_be_narrowed_to_a_stage(at_home: House) -> None:
    running(at_home)
    at_home.put(matched())
    page = (
        await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}?stage=closed")
    ).text
    assert "Ana Ruiz" not in page


async def test_a_pair_tells_its_story(at_home: House) -> None:
    at_home.put(proposed())
    at_home.store.pairs.lines = [
        LedgerEntry(
            at=MONDAY + timedelta(hours=1), revision=1, what="proposed", session=1
        )
    ]
    page = (await at_home.browser.get(f"/pairs/{PAIR_ID}")).text
    assert (
        "A time was proposed (conversation 1)" in page and "11 Jan 2027, 11:00" in page
    )


async def test_a_pair_does_not_tell_whose_pulse_came_before_a_call_for_help(
    at_home: House,
) -> None:
    at_home.put(proposed())
    told = [("pulse_received", "mentee"), ("concern_raised", None)]
    at_home.store.pairs.lines = [
        LedgerEntry(at=MONDAY, revision=1, what=what, reason=reason)
        for what, reason in told
    ]
    page = (await at_home.browser.get(f"/pairs/{PAIR_ID}")).text
    assert "A pulse came in" in page and "mentee" not in page


async def test_who_is_behind_an_id_can_be_looked_up(at_home: House) -> None:
    at_home.put(matched())
    page = (await at_home.browser.get(f"/people/{MENTOR}")).text
    assert all(
        words in page
        for words in ("Ana Ruiz", "Sofia Lind", "Monday 09:00", "demo, comex, wave 1")
    )
    assert f"<td>{at_home.store.people.persons[MENTOR].external_id}</td>" in page


async def test_a_person_is_shown_with_the_levels_of_their_topics(
    at_home: House,
) -> None:
    mentor = at_home.store.people.persons[MENTOR]
    topics = {
        "offers": frozenset({"ai_tools:3", "climate"}),
        "wants": frozenset({"sea:1"}),
    }
    at_home.store.people.persons[MENTOR] = mentor.having(**topics)
    page = (await at_home.browser.get(f"/people/{MENTOR}")).text
    assert (
        "ai_tools (could teach it), climate</td>" in page
        and "sea (to know it)</td>" in page
    )


async def test_a_region_shows_its_planned_dates(at_home: House) -> None:
    running(at_home)
    page = (await at_home.browser.get("/programmes/demo")).text
    assert "Planned: opens 11 Jan 2027, trained by 1 Feb 2027" in page


async def test_what_did_not_arrive_is_listed_with_its_reason(at_home: House) -> None:
    await given_up(at_home)
    at_home.store.refused_messages.messages = [
        RefusedListing(
            workflow_id=PAIR_ID, name="modul", reason="unknown_name", at=MONDAY
        )
    ]
    page = (await at_home.browser.get("/refused")).text
    assert all(
        words in page
        for words in ("the pair is closed", "modul", "unknown name", "Send again")
    )


async def test_an_event_that_was_given_up_can_be_sent_again(at_home: House) -> None:
    await given_up(at_home)
    await at_home.browser.post("/refused/resend", data={"key": "k"})
    assert at_home.store.inbox.events["k"].state is EventState.STORED


async def given_up(house: House) -> None:
    event = NewEvent(
        key="k",
        source="lms",
        event_id="1",
        type="binome.held.v1",
        kind="held",
        pair=PAIR_ID,
    )
    await house.store.inbox.store([event])
    await house.store.inbox.mark("k", EventState.UNDELIVERABLE, reason="pair_closed")


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/x",
        "/pairs/x",
        "/people/x",
        "/cohorts/x",
        "/cohorts/cohort:x:y:1",
        "/mails/x.eml",
    ],
)
async def test_what_is_not_there_is_said_so(at_home: House, path: str) -> None:
    assert (await at_home.browser.get(path)).status_code == 404


async def test_tools_read_the_same_status(at_home: House) -> None:
    running(at_home)
    assert (await at_home.browser.get("/api/programmes")).json() == ["demo"]
    assert (await at_home.browser.get("/api/programmes/demo/status")).json()["regions"][
        0
    ]["pairs"] == 6
