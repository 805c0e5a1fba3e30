"""POST /events: who may send, what is kept, what is refused, and what became of it."""

from typing import Any

import httpx
import pytest

from gateway.events.reading import BATCH, STRUCTURED
from schemas.events import Side
from schemas.inbox import EventState
from tests.support.lives import MENTEE, MENTOR, PAIR
from tests.unit.gateway.events.test_reading import EVENT
from tests.unit.gateway.factories import PAIR_ID, House, matched, trained

WINDOW = {"day": 1, "start": 540, "end": 600}
OTHER_PAIR = PAIR.model_copy(update={"seat": 2})


async def send(
    house: House,
    event: Any,
    token: str = "token-lms",
    media: str = STRUCTURED,
    **query: str,
) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "content-type": media}
    return await house.browser.post(
        "/events", json=event, headers=headers, params=query
    )


def event(
    kind: str, data: dict[str, Any], subject: str = "x-ana", **more: Any
) -> dict[str, Any]:
    return {
        **EVENT,
        "type": f"binome.{kind}.v1",
        "subject": subject,
        "data": data,
        **more,
    }


def paths(answer: httpx.Response) -> list[str]:
    return [problem["path"] for problem in answer.json()["errors"]]


async def test_an_event_is_stored_before_it_is_answered(at_home: House) -> None:
    answer = await send(at_home, EVENT)
    assert answer.status_code == 202
    assert at_home.said() == [("module_completed", {"module": "ecoute"})]


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


async def test_the_link_tells_the_fate(at_home: House) -> None:
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


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer x"},
        {"authorization": "Basic token-lms"},
    ],
)
async def test_without_a_known_token_nothing_is_read(
    at_home: House, header: dict[str, str]
) -> None:
    answer = await at_home.browser.post("/events", content=b"{", headers=header)
    assert (answer.status_code, answer.headers["content-type"]) == (
        401,
        "application/problem+json",
    )


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (event("module_completed", {"module": "juggling"}), "data.module"),
        (event("module_completed", {"module": "ecoute"}, subject="nobody"), "subject"),
        (event("module_completed", {}), "data.module"),
        (event("module_complete", {}), "type"),
        (event("held", {"session": 0}), "data.session"),
        (
            event("answered", {"session": 1, "sequence": 0, "answer": "perhaps"}),
            "data.answer",
        ),
        (event("pulse_received", {"session": 1, "score": 6}), "data.score"),
        (event("windows_given", {"windows": []}), "data.windows"),
        (
            event(
                "windows_given",
                {"windows": [WINDOW, {"day": 0, "start": 600, "end": 540}]},
            ),
            "data.windows[1]",
        ),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_field(
    at_home: House, sent: dict[str, Any], path: str
) -> None:
    answer = await send(at_home, sent)
    assert (answer.status_code, paths(answer), at_home.said()) == (422, [path], [])


async def test_a_refusal_says_what_is_allowed_and_not_what_was_sent(
    at_home: House,
) -> None:
    answer = await send(at_home, event("module_completed", {"module": "juggling"}))
    assert "ecoute, oser-parler" in answer.text
    assert "juggling" not in answer.text


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (
            {"day": 7},
            ("data.windows[0].day", "not accepted; allowed: 0 (Monday) to 6 (Sunday)"),
        ),
        (
            {"day": "mon"},
            ("data.windows[0].day", "not accepted; allowed: 0 (Monday) to 6 (Sunday)"),
        ),
        (
            {"start": -1},
            (
                "data.windows[0].start",
                "not accepted; allowed: minutes from midnight, 0 to 1439",
            ),
        ),
        (
            {"end": 1441},
            (
                "data.windows[0].end",
                "not accepted; allowed: minutes from midnight, 1 to 1440",
            ),
        ),
    ],
)
async def test_a_window_is_refused_with_what_a_week_has(
    at_home: House, wrong: dict[str, Any], problem: tuple[str, str]
) -> None:
    answer = await send(at_home, event("windows_given", {"windows": [WINDOW | wrong]}))
    assert [(p["path"], p["what"]) for p in answer.json()["errors"]] == [problem]


async def test_a_mistyped_type_is_answered_with_the_nearest(at_home: House) -> None:
    answer = await send(at_home, event("module_complete", {}))
    assert (
        answer.json()["errors"][0]["what"]
        == "unknown; did you mean binome.module_completed.v1?"
    )


async def test_any_module_is_kept_while_no_programme_is_known(at_home: House) -> None:
    at_home.store.programmes.known_modules = frozenset()
    answer = await send(at_home, event("module_completed", {"module": "juggling"}))
    assert answer.status_code == 202


async def test_a_batch_is_all_or_nothing(at_home: House) -> None:
    answer = await send(
        at_home,
        [EVENT, event("module_completed", {"module": "juggling"}, id="2")],
        media=BATCH,
    )
    assert (answer.status_code, paths(answer), at_home.said()) == (
        422,
        ["[1].data.module"],
        [],
    )


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
    assert at_home.said() == []


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


async def test_with_several_pairs_the_pair_must_be_named(at_home: House) -> None:
    at_home.store.pairs.live[MENTOR] = [(PAIR, Side.MENTOR), (OTHER_PAIR, Side.MENTOR)]
    answer = await send(at_home, event("held", {"session": 1}))
    assert (answer.status_code, paths(answer)) == (422, ["data.pair"])


async def test_a_pair_of_somebody_else_is_refused(at_home: House) -> None:
    at_home.put(matched())
    answer = await send(
        at_home, event("held", {"session": 1, "pair": OTHER_PAIR.workflow_id})
    )
    assert paths(answer) == ["data.pair"]


async def test_scores_and_words_are_split_off_before_anything_is_stored(
    at_home: House,
) -> None:
    at_home.put(matched())
    pulse = {"session": 1, "score": 4, "idea": "more coffee", "comment": "a secret"}
    await send(at_home, event("pulse_received", pulse, subject="x-marc"))
    assert at_home.said() == [("pulse_received", {"session": 1, "side": "mentee"})]
    assert at_home.store.answers.pulses == [
        (PAIR_ID, 1, "mentee", MENTEE, 4, "more coffee", "a secret", False)
    ]


async def test_a_low_score_raises_a_concern_that_says_neither_who_nor_why(
    at_home: House,
) -> None:
    at_home.put(matched())
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
    assert at_home.said() == [("windows_given", {})]


async def test_a_body_over_the_limit_is_refused(at_home: House) -> None:
    answer = await send(
        at_home,
        event("module_completed", {"module": "ecoute", "filler": "x" * 600_000}),
    )
    assert answer.status_code == 413


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
