"""`binome up --encrypt`: what lies on the disk, and that all goes on as without it."""

import asyncio
import base64
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from binome.stack import temporal
from tests.support.commands import call_binome
from tests.support.stack import Stack, stack_in
from tests.support.waiting import until
from workers.payload_codec import ENCODING
from workers.settings import EXAMPLES

WORDS = (b"mentors_from", b"minimum_levels", b"Nothing was sent", b"works_council")
"""Words of programme documents and results, which a history holds."""


@pytest.fixture(scope="module")
async def encrypted(open_folder: Path) -> AsyncIterator[Stack]:
    """A stack that was asked to encrypt, with the demo's people and programme."""
    folder = open_folder / "encrypted-stack"
    async with stack_in(folder, "--encrypt") as stack:
        for command, file in (("import", "people.csv"), ("start", "demo.json")):
            code, _, err = await call_binome(
                command, str(EXAMPLES / file), f"--data={folder}"
            )
            assert code == 0, err
        await stack.wait_for_line("/sign-in/link/")
        yield stack


async def test_its_pairs_begin(encrypted: Stack) -> None:
    async def begun() -> bool:
        _, out, _ = await call_binome(
            "status", "demo", f"--data={encrypted.folder}", "--json"
        )
        return '"stages"' in out and json.loads(out)["regions"][0]["pairs"] > 0

    await until(begun)


async def test_its_database_file_holds_no_document_in_plain_text(
    encrypted: Stack,
) -> None:
    kept = (encrypted.folder / "temporal.db").read_bytes()
    for beside in encrypted.folder.glob("temporal.db-*"):
        with suppress(FileNotFoundError):  # a journal lives as long as a transaction
            kept += beside.read_bytes()
    assert b"binary/encrypted" in kept
    assert [word for word in WORDS if word in kept] == []


async def test_the_doctor_says_that_everybody_has_every_key(
    encrypted: Stack,
) -> None:
    _, out, _ = await call_binome("doctor", f"--data={encrypted.folder}")
    assert "ok    payload keys: histories are encrypted with" in out


def console_link(stack: Stack) -> str:
    """The address that the stack printed, which signs the administrator in once."""
    words = " ".join(stack.lines).split()
    return next(word for word in words if "/sign-in/link/" in word)


def bearer(stack: Stack) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.addresses()['console_token']}"}


async def test_the_web_ui_has_the_codec_endpoint_beside_it(encrypted: Stack) -> None:
    addresses = encrypted.addresses()
    async with httpx.AsyncClient(trust_env=False) as client:
        settings = await client.get(f"{addresses['ui']}/api/v1/settings")
        address = f"{addresses['ui']}/codec/encode"
        body: dict[str, Any] = {"payloads": [{}]}
        refused = await client.post(address, json=body)
        sealed = await client.post(address, json=body, headers=bearer(encrypted))
    assert settings.json()["Codec"]["Endpoint"] == "/codec"
    assert (refused.status_code, sealed.status_code) == (401, 200)
    assert sealed.json()["payloads"][0]["data"]


async def shown_by_temporal(stack: Stack, *options: str) -> str:
    """What `temporal workflow show` prints of the example run."""
    at = stack.addresses()["temporal"]
    words = ["workflow", "show", "-w", "example", "--address", at, "--output", "json"]
    process = await asyncio.create_subprocess_exec(
        temporal.program(), *words, *options, stdout=PIPE
    )
    out, _ = await process.communicate()
    return out.decode()


async def test_the_temporal_command_decrypts_with_the_endpoint(
    encrypted: Stack,
) -> None:
    endpoint = f"{encrypted.addresses()['gateway']}/codec"
    encoded = base64.b64encode(ENCODING).decode()
    assert encoded in await shown_by_temporal(encrypted)
    (auth,) = bearer(encrypted).values()
    options = ("--codec-endpoint", endpoint, "--codec-auth", auth)
    decrypted = await shown_by_temporal(encrypted, *options)
    assert '"events"' in decrypted and encoded not in decrypted


async def test_its_web_ui_shows_what_it_decrypts_to_whoever_is_signed_in(
    encrypted: Stack, chromium: Browser
) -> None:
    ui = encrypted.addresses()["ui"]
    page = await chromium.new_page()
    await page.goto(console_link(encrypted))
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(f"{ui}/namespaces/default/workflows/example")
    result = page.get_by_role("textbox", name="Result")
    await expect(result).to_contain_text('"programme": "demo"')
    await page.close()
