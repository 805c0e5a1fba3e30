"""The page of a region: what a sponsor reads and decides; and who decided."""

from collections.abc import AsyncIterator

import pytest

from gateway.temporal import TemporalUnavailable, UpdateRejected
from schemas.cohort import Evidence
from schemas.records.access import AccountRole, Grant
from tests.unit.gateway.console.programmes import COMEX, running
from tests.unit.gateway.factories import House, house

PAGE = "/programmes/demo/regions/ouest"
SPONSOR = Grant(role=AccountRole.SPONSOR, programme="demo", region="ouest")


@pytest.fixture
async def sponsored() -> AsyncIterator[House]:
    """The sponsor of ouest is signed in; comex, before it, has closed with evidence."""
    async with house(grants=(SPONSOR,)) as made:
        running(made)
        state = made.store.programmes.states["demo"]
        evidence = Evidence(
            cohort=COMEX,
            pairs=6,
            completed=3,
            on_course=0.75,
            sessions_held=14,
            answers=9,
            mean_pulse_met=True,
            aims_met=True,
        )
        comex = state.regions[0].model_copy(update={"evidence": evidence})
        made.store.programmes.states["demo"] = state.model_copy(
            update={"regions": (comex, state.regions[1])}
        )
        yield made


def actor(house: House) -> str:
    return house.store.accounts.known["olga"].actor


async def test_a_sponsor_reads_the_evidence_of_the_region_before(
    sponsored: House,
) -> None:
    page = (await sponsored.browser.get(PAGE)).text
    assert "75 % of matched pairs" in page and "14 conversations held" in page


async def test_a_sponsor_reads_no_link_that_leads_further(sponsored: House) -> None:
    page = (await sponsored.browser.get(PAGE)).text
    assert "/cohorts/" not in page and 'href="/programmes/demo"' not in page


@pytest.mark.parametrize("decision", ["extend", "hold"])
async def test_a_sponsor_decides_and_stays_on_their_page(
    sponsored: House, decision: str
) -> None:
    answer = await sponsored.browser.post(f"{PAGE}/{decision}", follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, PAGE)
    assert sponsored.workflows.updates == [
        ("programme:demo", decision, {"region": "ouest", "reason": "asked"})
    ]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (None, (True, "agreed")),
        (UpdateRejected("no"), (False, None)),
        (TemporalUnavailable(), (False, None)),
    ],
)
async def test_a_decision_is_noted_with_who_asked_and_what_came_of_it(
    sponsored: House, failure: Exception | None, outcome: tuple[bool, str | None]
) -> None:
    sponsored.workflows.failing = failure
    await sponsored.browser.post(f"{PAGE}/extend", data={"reason": "agreed"})
    trail = sponsored.store.access_trail
    assert trail.decided == [(actor(sponsored), "programme:demo", "extend")]
    assert trail.outcomes == [outcome]


async def test_the_workflow_hears_who_decided(sponsored: House) -> None:
    await sponsored.browser.post(f"{PAGE}/extend")
    assert sponsored.workflows.deciders == [actor(sponsored)]


async def test_words_in_place_of_a_reason_are_not_noted(sponsored: House) -> None:
    await sponsored.browser.post(f"{PAGE}/hold", data={"reason": "Theo is unwell"})
    trail = sponsored.store.access_trail
    assert "Theo" not in repr((trail.decided, trail.outcomes))
