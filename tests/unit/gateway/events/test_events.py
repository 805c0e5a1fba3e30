"""POST /events: who may send, what is kept, what is refused, and what became of it."""

from unittest.mock import ANY

from gateway.events.reading import BATCH
from schemas.records.inbox import EventState
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.events.sending import WINDOW, event, send
from tests.unit.gateway.events.test_reading import EVENT
from tests.unit.gateway.factories import PAIR_ID, House, matched, trained
from tests.unit.gateway.pages.pressing import held


async def test_an_event_is_stored_before_it_is_answered(at_home: House) -> None:
    answer = await send(at_home, EVENT)
    assert answer.status_code == 202
    assert at_home.signals() == [("module_completed", {"module": "ecoute"})]


async def test_the_same_event_twice_is_one_event_and_has_one_fate(
    at_home: House,
) -> None:
    first, second = await send(at_home, EVENT), await send(at_home, EVENT)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["link"] == second.json()["link"]
    assert len(at_home.store.inbox.events) == 1


async def test_the_same_id_from_another_sender_is_another_event(at_home: House) -> None:
    await send(at_home, EVENT)
    await send(at_home, EVENT, token="token-hr")
    await send(at_home, EVENT | {"source": "/other"})
    assert len(at_home.store.inbox.events) == 3


async def test_the_link_shows_what_became_of_the_event(at_home: House) -> None:
    link = (await send(at_home, EVENT)).json()["link"]
    answer = await at_home.browser.get(
        link, headers={"authorization": "Bearer token-lms"}
    )
    assert (answer.json()["state"], answer.json()["id"]) == ("stored", "1")


async def test_another_source_does_not_see_the_fate(at_home: House) -> None:
    link = (await send(at_home, EVENT)).json()["link"]
    answer = await at_home.browser.get(
        link, headers={"authorization": "Bearer token-hr"}
    )
    assert answer.status_code == 404


async def test_any_module_is_kept_while_no_programme_is_known(at_home: House) -> None:
    at_home.store.programmes.known_modules = frozenset()
    answer = await send(at_home, event("module_completed", {"module": "juggling"}))
    assert answer.status_code == 202


async def test_a_batch_is_answered_event_by_event(at_home: House) -> None:
    answer = await send(at_home, [EVENT, EVENT | {"id": "2"}], media=BATCH)
    assert [each["id"] for each in answer.json()["events"]] == ["1", "2"]


async def test_a_dry_run_stores_nothing_and_says_whom_it_would_reach(
    at_home: House,
) -> None:
    at_home.put(trained())
    answer = await send(at_home, EVENT, dry_run="true")
    assert answer.json() == {
        "would_reach": 1,
        "signal": "module_completed",
        "would_wait": False,
    }
    assert at_home.signals() == []


async def test_a_dry_run_says_that_a_completion_would_wait_for_the_start(
    at_home: House,
) -> None:
    answer = await send(at_home, EVENT, dry_run="true")
    assert answer.json() == {
        "would_reach": 0,
        "signal": "module_completed",
        "would_wait": True,
    }


async def test_an_answer_goes_to_the_only_pair_of_the_person(at_home: House) -> None:
    at_home.put(matched())
    await send(
        at_home,
        event(
            "answered", {"session": 1, "sequence": 0, "answer": "yes"}, subject="x-marc"
        ),
    )
    (stored,) = at_home.store.inbox.events.values()
    assert (stored.pair, stored.payload["side"], stored.payload["answer"]) == (
        PAIR_ID,
        "mentee",
        "yes",
    )


async def test_scores_and_words_are_split_off_before_anything_is_stored(
    at_home: House,
) -> None:
    at_home.put(held())
    pulse = {"session": 1, "score": 4, "idea": "more coffee", "comment": "a secret"}
    await send(at_home, event("pulse_received", pulse, subject="x-marc"))
    assert at_home.signals() == [("pulse_received", {"session": 1, "pulse": ANY})]
    assert at_home.store.answers.pulses == [
        (PAIR_ID, 1, "mentee", MENTEE, 4, "more coffee", "", False)
    ]


async def test_a_low_score_raises_a_concern_that_says_neither_who_nor_why(
    at_home: House,
) -> None:
    at_home.put(held())
    await send(
        at_home, event("pulse_received", {"session": 1, "score": 2}, subject="x-marc")
    )
    concern = next(
        e for e in at_home.store.inbox.events.values() if e.kind == "concern_raised"
    )
    assert (concern.person, concern.pair, set(concern.payload)) == (
        None,
        PAIR_ID,
        {"concern"},
    )


async def test_windows_are_kept_beside_their_event(at_home: House) -> None:
    await send(at_home, event("windows_given", {"windows": [WINDOW]}))
    assert [w.day for w in at_home.store.people.windows[MENTOR]] == [1]
    assert at_home.signals() == [("windows_given", {})]


async def test_an_undeliverable_event_says_why(at_home: House) -> None:
    link = (await send(at_home, EVENT)).json()["link"]
    await at_home.store.inbox.mark(
        link.rsplit("/", 1)[1], EventState.UNDELIVERABLE, reason="pair_closed"
    )
    answer = await at_home.browser.get(
        link, headers={"authorization": "Bearer token-lms"}
    )
    assert (answer.json()["state"], answer.json()["reason"]) == (
        "undeliverable",
        "pair_closed",
    )
