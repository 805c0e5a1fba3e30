"""The console's pages of programmes, and what ops decide there."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.temporal import TemporalUnavailable, UpdateRejected, WorkflowNotFound
from tests.support.lives import MONDAY
from tests.unit.gateway.console.programmes import WEB_UI, running
from tests.unit.gateway.factories import House, house


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


async def test_a_region_shows_when_its_next_wave_comes_and_ops_may_decide(
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
            {"reason": "board"},
            {"region": "ouest", "reason": "board"},
        ),
        ("hold", {}, {"region": "ouest", "reason": "asked"}),
        ("conclude", {}, {"region": "ouest", "reason": "asked"}),
        (
            "tick_need",
            {"need": "notice"},
            {"region": "ouest", "need": "notice"},
        ),
    ],
)
async def test_ops_decide_on_regions(
    at_home: House, decision: str, form: dict[str, str], payload: object
) -> None:
    running(at_home)
    answer = await at_home.browser.post(
        f"/programmes/demo/regions/ouest/{decision}", data=form
    )
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
    answer = await at_home.browser.post("/programmes/demo/regions/ouest/extend")
    assert (answer.status_code, words in answer.text) == (409, True)


async def test_a_region_shows_its_planned_dates(at_home: House) -> None:
    running(at_home)
    page = (await at_home.browser.get("/programmes/demo")).text
    assert "Planned: opens 11 Jan 2027, trained by 1 Feb 2027" in page


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
async def test_what_does_not_exist_gets_404(at_home: House, path: str) -> None:
    assert (await at_home.browser.get(path)).status_code == 404


async def test_tools_read_the_same_status(at_home: House) -> None:
    running(at_home)
    assert (await at_home.browser.get("/api/programmes")).json() == ["demo"]
    assert (await at_home.browser.get("/api/programmes/demo/status")).json()["regions"][
        0
    ]["pairs"] == 6
