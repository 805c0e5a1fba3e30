"""Pauses on the console: of a programme, a region, a wave, a pair, and of a person on leave."""

import re
from typing import Any

import pytest

from gateway.temporal import TemporalUnavailable, UpdateRejected, WorkflowNotFound
from schemas.pair_updates import PausePair
from schemas.records.listings import PauseListing
from schemas.records.status import RegionStatus
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.console.programmes import COMEX, running
from tests.unit.gateway.factories import PAIR_ID, House, proposed
from tests.unit.gateway.fakes.messages import RECEIVED

PROGRAMME, COHORT, PAIR, PERSON = (
    "/programmes/demo",
    f"/cohorts/{COMEX.workflow_id}",
    f"/pairs/{PAIR_ID}",
    "/people/",
)
MEANS = "nothing comes all at once"


def put(house: House, *scopes: str) -> None:
    """A programme that runs, a pair of it, and pauses in force."""
    running(house)
    house.put(proposed())
    house.store.pauses.listings = [
        PauseListing(scope=scope, reason="holidays", since=RECEIVED) for scope in scopes
    ]


PRESSED: list[tuple[str, dict[str, str], str, str, dict[str, Any]]] = [
    (f"{PROGRAMME}/pause", {"reason": "holidays"}, "programme:demo", "pause", {"reason": "holidays"}),
    (f"{PROGRAMME}/regions/comex/pause", {"reason": "busy"}, "programme:demo", "pause",
     {"reason": "busy", "region": "comex"}),
    (f"{PROGRAMME}/pause", {}, "programme:demo", "pause", {"reason": "asked"}),
    (f"{PROGRAMME}/resume", {}, "programme:demo", "resume", {}),
    (f"{PROGRAMME}/regions/comex/resume", {}, "programme:demo", "resume", {"region": "comex"}),
    (f"{COHORT}/pause", {"reason": "crisis"}, COMEX.workflow_id, "pause", {"reason": "crisis"}),
    (f"{COHORT}/resume", {}, COMEX.workflow_id, "resume", {}),
    (f"{PAIR}/pause", {"reason": "asked"}, PAIR_ID, "pause", {"reason": "asked"}),
    (f"{PAIR}/resume", {}, PAIR_ID, "resume", {}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "form", "workflow_id", "update", "payload"), PRESSED)
async def test_a_button_is_an_update_of_the_workflow(
    at_home: House,
    path: str,
    form: dict[str, str],
    workflow_id: str,
    update: str,
    payload: dict[str, Any],
) -> None:
    put(at_home)
    answer = await at_home.browser.post(path, data=form)
    assert answer.status_code == 303
    page = path.rpartition("/")[0].partition("/regions/")[0]
    assert answer.headers["location"].partition("&")[0] == f"{page}?done={update}"
    assert at_home.workflows.updates == [(workflow_id, update, payload)]


@pytest.mark.parametrize("page", [PROGRAMME, COHORT, PAIR])
@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            UpdateRejected("pause: already paused; allowed: resume"),
            "pause: already paused; allowed: resume",
        ),
        (WorkflowNotFound(), "no running workflow"),
        (TemporalUnavailable(), "does not answer now"),
    ],
)
async def test_a_refusal_is_shown_in_its_words(
    at_home: House, page: str, failure: Exception, words: str
) -> None:
    put(at_home)
    at_home.workflows.failing = failure
    answer = await at_home.browser.post(f"{page}/pause", data={"reason": "asked"})
    assert (answer.status_code, words in answer.text) == (409, True)


@pytest.mark.parametrize("page", [PROGRAMME, COHORT, PAIR, PERSON + MENTOR])
async def test_before_it_is_pressed_the_page_says_what_a_pause_does(
    at_home: House, page: str
) -> None:
    put(at_home)
    assert MEANS in (await at_home.browser.get(page)).text


@pytest.mark.parametrize(
    ("page", "scope", "button"),
    [
        (PROGRAMME, "programme:demo", "Go on with the whole programme"),
        (PROGRAMME, "region:demo:comex", "Go on with comex"),
        (COHORT, COMEX.workflow_id, "Go on with this wave"),
        (PERSON + MENTOR, f"person:{MENTOR}", "They are back: go on"),
    ],
)
async def test_what_is_paused_says_since_when_why_and_how_it_goes_on(
    at_home: House, page: str, scope: str, button: str
) -> None:
    put(at_home, scope)
    at_home.store.programmes.one_clock = None
    shown = (await at_home.browser.get(page)).text
    assert "since 11 Jan 2027, 09:00: holidays" in shown.replace("Paused s", "s")
    assert button in shown


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("programme:demo", "the whole programme"),
        ("region:demo:comex", "the region comex"),
        (COMEX.workflow_id, "wave 1"),
        (f"person:{MENTOR}", "Ana Ruiz"),
        (f"person:{MENTEE}", "Marc Delorme"),
    ],
)
async def test_a_pair_says_whose_pause_is_its_own_too(
    at_home: House, scope: str, words: str
) -> None:
    put(at_home, scope)
    assert re.search(
        rf"paused</span> {words}, since", (await at_home.browser.get(PAIR)).text
    )


async def test_a_pair_paused_by_itself_can_go_on(at_home: House) -> None:
    put(at_home)
    life = proposed().on(PausePair(reason="asked"))
    at_home.put(life)
    at_home.store.pairs.details[PAIR_ID] = at_home.store.pairs.details[
        PAIR_ID
    ].model_copy(update={"paused": True})
    page = (await at_home.browser.get(PAIR)).text
    assert "this pair by itself" in page and "Go on with this pair" in page


async def test_a_region_that_is_over_has_no_button(at_home: House) -> None:
    put(at_home)
    over = RegionStatus(region="comex", wave=1, status="closed", pairs=6)
    at_home.store.status.statuses["demo"] = at_home.store.status.statuses[
        "demo"
    ].model_copy(update={"regions": (over,)})
    page = (await at_home.browser.get(PROGRAMME)).text
    assert "Pause comex" not in page and "Pause the whole programme" in page


@pytest.mark.parametrize(("change", "pause"), [("pause", True), ("resume", False)])
async def test_a_person_is_paused_by_an_event_like_the_hr_systems(
    at_home: House, change: str, pause: bool
) -> None:
    put(at_home)
    answers = [
        await at_home.browser.post(
            f"{PERSON}{MENTOR}/{change}", data={"once": "a" * 16}
        )
        for _ in range(2)
    ]
    (event,) = at_home.store.inbox.events.values()
    assert [a.headers["location"] for a in answers] == [
        f"{PERSON}{MENTOR}?done={change}"
    ] * 2
    assert (event.kind, event.person, event.pause) == (
        "directives_changed",
        MENTOR,
        pause,
    )
    assert event.occurred_at is not None


async def test_two_pauses_of_a_person_are_two_events(at_home: House) -> None:
    put(at_home)
    for once in ("a" * 16, "b" * 16):
        await at_home.browser.post(f"{PERSON}{MENTOR}/pause", data={"once": once})
    assert len(at_home.store.inbox.events) == 2


async def test_nobody_cannot_be_paused(at_home: House) -> None:
    assert (
        await at_home.browser.post(f"{PERSON}{'p' + 'z' * 13}/pause")
    ).status_code == 404


@pytest.mark.parametrize("button", ["pause", "resume", "guard"])
@pytest.mark.parametrize(
    "other", ["cohort:demo:comex:1", "programme:demo", "pair:demo:comex:1:nobody:1"]
)
async def test_a_button_of_a_pair_presses_nothing_of_what_is_none(
    at_home: House, button: str, other: str
) -> None:
    answer = await at_home.browser.post(
        f"/pairs/{other}/{button}", data={"action": "keep"}
    )
    assert (answer.status_code, at_home.workflows.updates) == (404, [])
