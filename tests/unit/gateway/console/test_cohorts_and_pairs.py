"""The console's pages of a cohort, a pair and a person."""

from datetime import timedelta

from schemas.records.inbox import EventState, NewEvent
from schemas.records.listings import (
    LedgerEntry,
    RefusedListing,
)
from tests.support.lives import MENTOR, MONDAY
from tests.unit.gateway.console.programmes import COMEX, WEB_UI, running
from tests.unit.gateway.factories import PAIR_ID, House, matched, proposed


async def test_a_cohort_lists_its_pairs_with_links_into_the_web_ui(
    at_home: House,
) -> None:
    running(at_home)
    at_home.put(matched())
    page = (await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}")).text
    assert "Ana Ruiz" in page and "Marc Delorme" in page
    assert f"{WEB_UI}/{PAIR_ID.replace(':', '%3A')}" in page


async def test_a_cohort_tells_times_in_the_zone_of_its_region(at_home: House) -> None:
    at_home.put(proposed())
    running(at_home)
    page = (await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}")).text
    assert '<th scope="col">When (Europe/Paris)</th>' in page


async def test_a_cohort_shows_ideas_as_text(at_home: House) -> None:
    running(at_home)
    at_home.store.releases.shared = ["Ask <b>first</b>"]
    shown = (await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}")).text
    assert "Ask &lt;b&gt;first&lt;/b&gt;" in shown


async def test_a_cohort_can_be_narrowed_to_a_stage(at_home: House) -> None:
    running(at_home)
    at_home.put(matched())
    page = (
        await at_home.browser.get(f"/cohorts/{COMEX.workflow_id}?stage=closed")
    ).text
    assert "Ana Ruiz" not in page


async def test_a_pairs_page_shows_its_ledger(at_home: House) -> None:
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


async def test_a_call_is_asked_for_without_a_word_of_why(at_home: House) -> None:
    at_home.put(proposed())
    at_home.store.pairs.lines = [
        LedgerEntry(at=MONDAY, revision=1, what="concern_raised")
    ]
    page = (await at_home.browser.get(f"/pairs/{PAIR_ID}")).text
    assert "The supervisor is asked to call" in page
    assert "asked for help" not in page


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
