"""`binome up --encrypt`: what lies on the disk, and that all goes on as without it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.support.commands import call_binome
from tests.support.stack import Stack, stack_in
from tests.support.waiting import until
from workers.settings import EXAMPLES

WORDS = (b"mentors_from", b"minimum_levels", b"Nothing was sent", b"works_council")
"""Of programme documents and results, which a history holds."""


@pytest.fixture(scope="module")
async def encrypted_again(open_folder: Path) -> AsyncIterator[Stack]:
    """A stack that was asked to encrypt once, and was started again without being asked."""
    folder = open_folder / "encrypted-stack"
    async with stack_in(folder, "--encrypt"):
        code, _, err = await call_binome(
            "import", str(EXAMPLES / "people.csv"), f"--data={folder}"
        )
        assert code == 0, err
        code, _, err = await call_binome(
            "start", str(EXAMPLES / "demo.json"), f"--data={folder}"
        )
        assert code == 0, err
    async with stack_in(folder) as stack:
        yield stack


async def test_its_pairs_go_on(encrypted_again: Stack) -> None:
    async def going() -> bool:
        _, out, _ = await call_binome(
            "status", "demo", f"--data={encrypted_again.folder}", "--json"
        )
        return '"stages"' in out and json.loads(out)["regions"][0]["pairs"] > 0

    await until(going)


async def test_its_database_file_holds_no_document_in_plain_text(
    encrypted_again: Stack,
) -> None:
    files = list(encrypted_again.folder.glob("temporal.db*"))
    kept = b"".join(file.read_bytes() for file in files)
    assert b"binary/encrypted" in kept
    assert [word for word in WORDS if word in kept] == []


async def test_the_doctor_says_that_everybody_has_every_key(
    encrypted_again: Stack,
) -> None:
    _, out, _ = await call_binome("doctor", f"--data={encrypted_again.folder}")
    assert "ok    payload keys: histories are encrypted with" in out


async def test_the_web_ui_knows_the_codec_endpoint(encrypted_again: Stack) -> None:
    addresses = encrypted_again.addresses()
    async with httpx.AsyncClient(trust_env=False) as client:
        settings = await client.get(f"{addresses['ui']}/api/v1/settings")
    assert settings.json()["Codec"]["Endpoint"] == f"{addresses['gateway']}/codec"


async def test_its_web_ui_shows_what_it_decrypts(
    encrypted_again: Stack, chromium: Browser
) -> None:
    ui = encrypted_again.addresses()["ui"]
    page = await chromium.new_page()
    await page.goto(f"{ui}/namespaces/default/workflows/example")
    result = page.get_by_role("textbox", name="Result")
    await expect(result).to_contain_text('"programme": "demo"')
    await page.close()
