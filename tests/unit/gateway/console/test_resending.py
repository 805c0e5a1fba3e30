"""A message that a workflow could not take, corrected by ops and sent again."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.history import SentSignal
from gateway.temporal import TemporalUnavailable, UpdateRejected, WorkflowNotFound
from schemas.records.listings import RefusedListing
from tests.unit.gateway.factories import PAIR_ID, House
from tests.unit.gateway.fakes.messages import RECEIVED

WRONG = SentSignal(RECEIVED - timedelta(seconds=1), {"sesion": 2}, readable=True)
RIGHT = SentSignal(RECEIVED, {"session": 1}, readable=True)


def refused(house: House, **changes: Any) -> None:
    given = {
        "id": 7,
        "workflow_id": PAIR_ID,
        "name": "held",
        "reason": "session: missing; it is needed",
        "at": RECEIVED,
    }
    house.store.refused_messages.messages = [
        RefusedListing.model_validate({**given, **changes})
    ]


async def form(house: House) -> str:
    return (await house.browser.get("/refused/7")).text


def text_of(page: str) -> str:
    return page.split("required>\n", 1)[1].split("</textarea>")[0].replace("&#34;", '"')


async def test_it_is_shown_as_it_was_sent_with_the_reason(at_home: House) -> None:
    refused(at_home)
    at_home.workflows.earlier = [WRONG]
    page = await form(at_home)
    assert "session: missing; it is needed" in page and "as it was sent" in page
    assert text_of(page) == '{\n  "sesion": 2\n}'


async def test_of_several_the_nearest_that_cannot_be_taken_is_meant(
    at_home: House,
) -> None:
    refused(at_home)
    at_home.workflows.earlier = [RIGHT, WRONG]
    assert '"sesion": 2' in text_of(await form(at_home))


async def test_when_the_fault_was_ours_the_nearest_is_meant(at_home: House) -> None:
    refused(
        at_home,
        reason="could not be taken (KeyError), and changed nothing; send it again once a release corrects it",
    )
    at_home.workflows.earlier = [RIGHT, WRONG]
    assert '"session": 1' in text_of(await form(at_home))


@pytest.mark.parametrize(("later", "shown"), [(0, 3), (1, 1), (2, 1)])
async def test_of_several_in_one_moment_each_shows_its_own(
    at_home: House, later: int, shown: int
) -> None:
    refused(at_home, later=later)
    third, first = (SentSignal(RECEIVED, {"sesion": n}, readable=True) for n in (3, 1))
    at_home.workflows.earlier = [third, RIGHT, first]
    assert f'"sesion": {shown}' in text_of(await form(at_home))


@pytest.mark.parametrize("sent", [[], [SentSignal(RECEIVED)]])
async def test_what_is_not_found_or_not_readable_is_an_example_instead(
    at_home: House, sent: list[SentSignal]
) -> None:
    refused(at_home)
    at_home.workflows.earlier = sent
    page = await form(at_home)
    assert "an example" in page
    assert text_of(page) == '{\n  "session": 1\n}'


async def test_a_name_that_there_is_not_becomes_the_nearest(at_home: House) -> None:
    refused(
        at_home,
        name="modul_completed",
        reason="unknown signal with 1 payloads; did you mean module_completed?",
    )
    assert 'value="module_completed" list="names"' in await form(at_home)


async def test_every_handler_is_listed_with_an_example(at_home: House) -> None:
    refused(at_home)
    page = await form(at_home)
    assert "sign_off" in page and "{&#34;module&#34;: &#34;listening&#34;}" in page


async def send(house: House, **form: str) -> Any:
    return await house.browser.post("/refused/7", data=form)


async def test_a_signal_is_sent_and_leaves_the_list(at_home: House) -> None:
    refused(at_home)
    answer = await send(at_home, name=" held ", text='{"session": 2, "held": false}')
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/refused?done=corrected",
    )
    assert at_home.workflows.signals == [
        (PAIR_ID, "held", {"session": 2, "held": False})
    ]
    assert "/refused/7" not in (await at_home.browser.get("/refused")).text
    assert "by Olga Roy" in (await at_home.browser.get("/refused?messages=resent")).text


async def test_who_comes_while_somebody_else_sends_it_sends_nothing(
    at_home: House,
) -> None:
    refused(at_home)
    assert await at_home.store.refused_messages.lock_for_resending(7)
    answer = await send(at_home, name="held", text='{"session": 2}')
    assert (answer.status_code, at_home.workflows.signals) == (409, [])
    assert "Somebody else is sending this message" in answer.text


async def test_what_was_not_agreed_to_may_be_tried_again(at_home: House) -> None:
    refused(at_home, name="sign_of")
    at_home.workflows.failing = UpdateRejected("sign_off: not now")
    assert (await send(at_home, name="sign_off", text="{}")).status_code == 409
    assert await at_home.store.refused_messages.lock_for_resending(7)


async def test_an_update_is_sent_as_one(at_home: House) -> None:
    refused(at_home, name="sign_of")
    await send(at_home, name="sign_off", text='{"rehearsed": true}')
    assert at_home.workflows.updates == [(PAIR_ID, "sign_off", {"rehearsed": True})]


WRONGS = [
    ("held", '{"session": 0}', "session", "out of range; allowed: from 1 to 999"),
    ("held", '{"sesion": 1}', "sesion", "unknown; did you mean session?"),
    (
        "held",
        '{"session": 1, "who": "x"}',
        "who",
        "unknown; allowed: session, attempt, held",
    ),
    ("held", "[1]", "document", "not an object"),
    ("held", '{"session": 1,}', "line 1, column 15", "not JSON"),
    ("held", '{"session": NaN}', "document", "not JSON"),
    ("held", "[" * 50_000, "document", "not JSON"),
    ("helt", "{}", "name", "unknown; did you mean held?"),
    ("", "{}", "name", "unknown; allowed: agreed, answered"),
    ("matched", '{"mentee": "Ana"}', "mentee", "not the id of a person"),
    (
        "answered",
        '{"session": 1, "sequence": 0, "answer": "no", "start": "noon"}',
        "start",
        "not a time",
    ),
]


@pytest.mark.parametrize(("name", "text", "path", "what"), WRONGS)
async def test_what_is_wrong_is_named_and_nothing_is_sent(
    at_home: House, name: str, text: str, path: str, what: str
) -> None:
    refused(at_home)
    answer = await send(at_home, name=name, text=text)
    assert (answer.status_code, at_home.workflows.signals) == (422, [])
    assert f"<code>{path}</code>: {what}" in answer.text


async def test_what_was_typed_stays_and_is_escaped(at_home: House) -> None:
    refused(at_home)
    answer = await send(
        at_home, name='"><b>', text='</textarea><script>alert("1")</script>'
    )
    assert "<script>" not in answer.text and "<b>" not in answer.text
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (WorkflowNotFound(), "does not know this workflow any more"),
        (TemporalUnavailable(), "try again in a moment"),
    ],
)
async def test_a_message_that_reaches_nobody_stays_and_says_why(
    at_home: House, failure: Exception, words: str
) -> None:
    refused(at_home)
    at_home.workflows.failing = failure
    answer = await send(at_home, name="held", text='{"session": 1}')
    assert (
        answer.status_code,
        words in answer.text,
        at_home.store.refused_messages.messages[0].resent_at,
    ) == (409, True, None)


async def test_a_refusal_by_the_workflow_is_shown_in_its_words(at_home: House) -> None:
    refused(at_home)
    at_home.workflows.failing = UpdateRejected("resume: not paused; allowed: pause")
    answer = await send(at_home, name="resume", text="{}")
    assert (
        answer.status_code,
        "resume: not paused; allowed: pause" in answer.text,
    ) == (409, True)


async def test_a_workflow_that_has_ended_takes_nothing_and_the_page_says_so(
    at_home: House,
) -> None:
    refused(at_home)
    at_home.workflows.ended = {PAIR_ID}
    page = await form(at_home)
    assert (
        "has ended, and takes no message any more" in page and "<textarea" not in page
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"workflow_id": "delivery:mail"},
        {
            "name": "record",
            "reason": "failed, and is tried again; see the worker's log",
        },
        {"name": "more", "reason": "12 more in the same moment"},
    ],
)
async def test_what_is_no_message_cannot_be_corrected(
    at_home: House, changes: dict[str, str]
) -> None:
    refused(at_home, **changes)
    assert "Correct and send again" not in (await at_home.browser.get("/refused")).text
    assert "cannot be corrected here" in await form(at_home)
    assert (await send(at_home, name="held", text='{"session": 1}')).status_code == 409


async def test_what_was_sent_again_is_not_sent_a_third_time(at_home: House) -> None:
    refused(at_home, resent_at=RECEIVED, resent_by="olga")
    assert "by olga" in await form(at_home)
    answer = await send(at_home, name="held", text='{"session": 1}')
    assert (answer.status_code, at_home.workflows.signals) == (409, [])


async def test_a_form_of_another_site_sends_nothing(at_home: House) -> None:
    refused(at_home)
    headers = {"origin": "https://elsewhere.example"}
    answer = await at_home.browser.post(
        "/refused/7", data={"name": "held", "text": '{"session": 1}'}, headers=headers
    )
    assert (answer.status_code, at_home.workflows.signals) == (403, [])


async def test_who_sent_it_again_is_noted(at_home: House) -> None:
    refused(at_home)
    answer = await send(at_home, name="held", text='{"session": 1}')
    resent_by = at_home.store.refused_messages.messages[0].resent_by
    olga = at_home.store.accounts.known["olga"].actor
    assert (answer.status_code, resent_by) == (303, olga)


@pytest.mark.parametrize("number", ["8", "0", "x", "9" * 30])
async def test_a_number_that_is_none_is_not_found(at_home: House, number: str) -> None:
    refused(at_home)
    assert (await at_home.browser.get(f"/refused/{number}")).status_code in (404, 422)
