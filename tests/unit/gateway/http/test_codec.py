"""The codec endpoint, as the Temporal Web UI and the `temporal` command ask it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

from schemas.records.access import AccountRole, Grant
from tests.support.encryption import FIRST, SECOND, SECOND_ID, Registered, ring
from tests.unit.gateway.factories import House, house
from workers.payload_codec import EncryptingCodec

UI = "http://localhost:8233"
VALUE = {"mentee": "p1"}


@pytest.fixture
async def coded() -> AsyncIterator[House]:
    async with house() as made:
        made.workflows.payload_codec = EncryptingCodec(
            ring(FIRST), Registered(SECOND_ID)
        )
        yield made


def as_json(payload: Payload) -> dict[str, Any]:
    return {
        "metadata": {
            key: base64.b64encode(value).decode()
            for key, value in payload.metadata.items()
        },
        "data": base64.b64encode(payload.data).decode(),
    }


PLAIN = as_json(
    Payload(
        metadata={"encoding": b"json/plain"},
        data=json.dumps(VALUE).encode(),
    )
)


async def encrypted(key: str) -> dict[str, Any]:
    payload = Payload(
        metadata={"encoding": b"json/plain"}, data=json.dumps(VALUE).encode()
    )
    return as_json((await EncryptingCodec(ring(key)).encode([payload]))[0])


async def ask(
    at: House, path: str, *payloads: dict[str, Any], **headers: str
) -> list[dict[str, Any]]:
    answer = await at.browser.post(
        f"/codec/{path}", json={"payloads": list(payloads)}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["payloads"]
    return found


def value_of(payload: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(payload["data"]))


async def test_it_decrypts_what_it_encrypted(coded: House) -> None:
    (sealed,) = await ask(coded, "encode", PLAIN)
    assert value_of(PLAIN) == VALUE and sealed["data"] != PLAIN["data"]
    assert await ask(coded, "decode", sealed, PLAIN) == [PLAIN, PLAIN]


async def test_in_the_place_of_what_it_cannot_decrypt_it_says_why(coded: House) -> None:
    missing, foreign = await encrypted(SECOND), await encrypted("t" * 32)
    told = await ask(coded, "decode", missing, foreign, await encrypted(FIRST))
    first, second, third = map(value_of, told)
    assert f"payload key {SECOND_ID}, which this process does not" in first["message"]
    assert "not encrypted with a key of this installation" in second["message"]
    assert third == VALUE


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 422),
        ("[]", 422),
        ("{}", 422),
        ('{"payloads": [1]}', 422),
        ('{"payloads": [{"data": "no base64"}]}', 422),
        ('{"payloads": [{"metadata": {"encoding": "\\ud800"}}]}', 422),
        (json.dumps({"payloads": [{}] * 501}), 422),
        (json.dumps({"payloads": [{}] * 100_000}), 413),
        ("[" * 1_000_000, 413),
        ("x" * 3_200_000, 413),
    ],
)
async def test_what_is_no_list_of_payloads_is_refused(
    coded: House, body: str, status: int
) -> None:
    answer = await coded.browser.post("/codec/decode", content=body.encode())
    assert answer.status_code == status


class Counting(EncryptingCodec):
    """Notes how many turns others have had when each payload's comes."""

    def __init__(self) -> None:
        super().__init__(ring(FIRST), Registered(SECOND_ID))
        self.turns = 0
        self.turns_before: list[int] = []

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        self.turns_before.append(self.turns)
        return await super().encode(payloads)


async def test_the_largest_list_lets_others_have_turns(coded: House) -> None:
    coded.workflows.payload_codec = codec = Counting()

    async def look() -> None:
        while True:
            await asyncio.sleep(0)
            codec.turns += 1

    looking = asyncio.create_task(look())
    await ask(coded, "encode", *[PLAIN] * 500)
    looking.cancel()
    assert codec.turns_before[-1] - codec.turns_before[0] >= 9


@pytest.mark.parametrize("origin", [UI, "http://127.0.0.1:8233"])
async def test_pages_of_the_web_ui_may_read_it(coded: House, origin: str) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-namespace",
    }
    allowed = await coded.browser.options("/codec/decode", headers=asked)
    answer = await coded.browser.post(
        "/codec/decode",
        json={"payloads": [PLAIN]},
        headers={"origin": origin, "sec-fetch-site": "same-site"},
    )
    for each in (allowed, answer):
        assert each.status_code == 200
        assert each.headers["access-control-allow-origin"] == origin
        assert each.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"{UI}.evil"])
async def test_pages_of_other_sites_may_not_ask_it(coded: House, origin: str) -> None:
    answer = await coded.browser.post(
        "/codec/decode", json={"payloads": [PLAIN]}, headers={"origin": origin}
    )
    preflight = await coded.browser.options(
        "/codec/decode",
        headers={"origin": origin, "access-control-request-method": "POST"},
    )
    for each in (answer, preflight):
        assert each.status_code == 403
        assert "access-control-allow-origin" not in each.headers


@pytest.mark.parametrize("path", ["encode", "decode"])
async def test_it_is_closed_to_whoever_may_not_see_the_console(path: str) -> None:
    async with house(grants=(Grant(role=AccountRole.VIEWER),)) as away:
        away.workflows.payload_codec = EncryptingCodec(ring(FIRST))
        answer = await away.browser.post(
            f"/codec/{path}", json={"payloads": [PLAIN]}, headers={"origin": UI}
        )
        assert answer.status_code == 403


async def test_without_a_codec_there_is_none(at_home: House) -> None:
    answer = await at_home.browser.post("/codec/decode", json={"payloads": [PLAIN]})
    assert answer.status_code == 404
