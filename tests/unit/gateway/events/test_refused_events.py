"""Events that are refused: with their field, and with what is allowed."""

from typing import Any

import pytest

from gateway.events.reading import BATCH
from schemas.events import Side
from tests.support.lives import MENTOR, PAIR
from tests.unit.gateway.events.sending import OTHER_PAIR, WINDOW, event, paths, send
from tests.unit.gateway.events.test_reading import EVENT
from tests.unit.gateway.factories import House, matched


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
    assert (answer.status_code, paths(answer), at_home.signals()) == (422, [path], [])


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


async def test_a_batch_is_all_or_nothing(at_home: House) -> None:
    answer = await send(
        at_home,
        [EVENT, event("module_completed", {"module": "juggling"}, id="2")],
        media=BATCH,
    )
    assert (answer.status_code, paths(answer), at_home.signals()) == (
        422,
        ["[1].data.module"],
        [],
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


async def test_a_body_over_the_limit_is_refused(at_home: House) -> None:
    answer = await send(
        at_home,
        event("module_completed", {"module": "ecoute", "filler": "x" * 600_000}),
    )
    assert answer.status_code == 413
