"""What no honest service sends can be looked at all the same, and what ops paste of it is refused in words."""

import json
from typing import Any

import pytest

from gateway.console import message_drafts
from gateway.history import SentSignal
from tests.attacks.counting import counted
from tests.unit.gateway.console.test_resending import form, refused, send, text_of
from tests.unit.gateway.factories import House
from tests.unit.gateway.fakes.messages import RECEIVED


def nested(depth: int) -> Any:
    return json.loads('{"a":' * depth + "1" + "}" * depth)


NONSENSE: dict[str, Any] = {
    "deep": nested(300),
    "deeper": nested(900),
    "half a character": {"session": "\ud800"},
    "half a name": {"\udfff": 1},
    "huge": {"session": "x" * 2_000_000},
    "a number that is none": {"session": float("nan")},
    "many digits": {"session": 10**4200},
}


@pytest.mark.parametrize("value", NONSENSE.values(), ids=NONSENSE)
async def test_the_page_of_what_was_sent_can_be_opened(
    at_home: House, value: Any
) -> None:
    refused(at_home)
    at_home.workflows.earlier = [SentSignal(RECEIVED, value, readable=True)]
    answer = await at_home.browser.get("/refused/7")
    assert (answer.status_code, "What this workflow takes" in answer.text) == (
        200,
        True,
    )


async def test_characters_that_turn_a_line_around_are_shown_by_their_numbers(
    at_home: House,
) -> None:
    refused(at_home)
    at_home.workflows.earlier = [
        SentSignal(RECEIVED, {"sesion": "\u202e\u2066x\u0007é"}, readable=True)
    ]
    assert text_of(await form(at_home)) == '{\n  "sesion": "\\u202e\\u2066x\\u0007é"\n}'


@pytest.mark.parametrize(
    "text",
    ['{"\\ud800": 1}', '{"session": "\\ud800"}', '{"session": 1, "\\u202e": 2}', '{"a":' * 900 + "1" + "}" * 900,
     '{"session": ' + "9" * 4000 + "}", '{"session": 1e999}', '{"evidence": ' * 60 + "1" + "}" * 60],
    ids=["half a name", "half a character", "turned", "deep", "many digits", "endless", "nested"],
)  # fmt: skip
async def test_what_is_pasted_of_it_is_refused(at_home: House, text: str) -> None:
    refused(at_home)
    answer = await send(at_home, name="held", text=text)
    assert (answer.status_code, at_home.workflows.signals) == (422, [])


async def test_a_name_with_half_a_character_is_none(at_home: House) -> None:
    refused(at_home)
    answer = await at_home.browser.post(
        "/refused/7",
        content=b"name=%ED%A0%80&text=%7B%7D",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "value",
    [
        {f"sesion{number}": 1 for number in range(50_000)},
        {"windows": [{"a": 1}] * 10_000},
        {"session": "x" * 100_000},
    ],
)
def test_a_message_that_is_too_large_is_compared_with_nothing(value: object) -> None:
    """Fifty thousand names were each compared with those known, for seconds."""
    draft = message_drafts.MessageDraft("held", json.dumps(value))
    with (
        counted(message_drafts, "unknown_field_in_words") as compared,
        pytest.raises(message_drafts.DraftInvalid, match="too large"),
    ):
        message_drafts.check_draft("pair", draft)
    assert compared.count == 0
