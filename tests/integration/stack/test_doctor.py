"""What `binome doctor` finds, with the real servers and without them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from activities.persistence.store import Store
from binome.doctor.checks import examine
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from binome.stack.ports import free_port
from schemas.ids import RECONCILE_SCHEDULE
from schemas.records.drift import DriftFound, DriftKind
from schemas.records.privacy import NoticeWords
from tests.support.encryption import FIRST, FIRST_ID, SECOND, SECOND_ID, client_with
from tests.support.mail.mail_server import MailServer
from tests.support.temporal_servers import full_server
from tests.support.world import World, file, line
from workers.client import connect, register_keys
from workers.payload_keys import NO_KEYS
from workers.schedules import ensure_schedules
from workers.settings import load_settings


@pytest.fixture
def known(database_url: str, mail_server: MailServer) -> dict[str, Any]:
    return {
        "database_url": database_url,
        "secret": "s" * 32,
        "public_url": "https://mentoring.example.org",
        "smtp_host": mail_server.host,
        "smtp_port": mail_server.port,
        "smtp_starttls": False,
    }


@pytest.fixture(scope="module")
async def temporal() -> AsyncIterator[dict[str, Any]]:
    """A server of its own: one that others use remembers their workers for minutes."""
    async with full_server() as server:
        config = server.client.service_client.config
        yield {"target_host": config.target_host, "namespace": server.client.namespace}


async def look(
    known: dict[str, Any], temporal: dict[str, Any], **changed: Any
) -> dict[str, Diagnosis]:
    settings = load_settings(**{**known, **changed})
    return {
        each.subject: each
        for each in await examine(ServerAddresses(settings, temporal, stack=False))
    }


async def test_a_healthy_subject_is_reported_as_healthy(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    found = await look(known, temporal)
    well = {subject for subject, each in found.items() if each.healthy}
    assert well == {
        "links",
        "database",
        "temporal",
        "mail",
        "mails in doubt",
        "runs",
        "calls for help",
        "payload keys",
        "sealed answers",
        "privacy notices",
        "task queues",
        "delivery",
    }


async def test_regions_without_a_privacy_notice_are_named_with_what_to_do(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    async with await Store.open(known["database_url"]) as store:
        await World.make(store)
        words = NoticeWords("https://intranet.example/privacy")
        await store.privacy_notices.show("pilot", "idf", words, "command")
        lacking = (await look(known, temporal))["privacy notices"]
        await store.privacy_notices.show(None, None, words, "command")
        well = (await look(known, temporal))["privacy notices"]
    assert lacking.found == "none in mails and on pages for pilot/comex"
    assert "binome privacy set" in lacking.remedy
    assert (lacking.healthy, well.healthy, well.remedy) == (True, True, "")


IN_CHARGE = [
    # who is there                   healthy
    ([], True),
    (["supervisor"], False),
    (["supervisor", "ops"], True),
    (["sponsor"], True),
]


@pytest.mark.parametrize(("roles", "healthy"), IN_CHARGE)
async def test_somebody_is_there_to_whom_a_call_for_help_goes_in_the_end(
    known: dict[str, Any], temporal: dict[str, Any], roles: list[str], healthy: bool
) -> None:
    store = await Store.open(known["database_url"])
    if roles:
        await store.imports.apply(file(*(line(role, roles=role) for role in roles)))
    await store.close()
    found = (await look(known, temporal))["calls for help"]
    assert found.healthy is healthy


async def test_a_run_that_is_not_as_the_record_has_it_is_named_with_its_remedy(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    store = await Store.open(known["database_url"])
    await store.drift.find_or_add(
        DriftFound(
            workflow_id="pair:x", kind=DriftKind.STUCK, why="workflow_task", run_id="r"
        )
    )
    await store.close()
    found = (await look(known, temporal))["pair:x"]
    assert not found.healthy and "its workflow task keeps failing" in found.found
    assert "Do not terminate it" in found.remedy


async def keys_after(
    known: dict[str, Any],
    temporal: dict[str, Any],
    worker: str,
    gateway: str,
    ours: str,
) -> Diagnosis:
    """What is found when worker and gateway were started with these keys, and the command has ours."""
    store = await Store.open(known["database_url"])
    client = await connect(NO_KEYS, **temporal)
    for_worker = client_with(client, *worker.split())
    for_gateway = client_with(client, *gateway.split())
    await register_keys(for_worker, "worker", store.payload_keys)
    await register_keys(for_gateway, "gateway", store.payload_keys)
    await store.close()
    return (await look(known, temporal, payload_keys=ours))["payload keys"]


async def test_the_key_that_encrypts_is_named_by_its_id(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    found = await keys_after(known, temporal, FIRST, FIRST, FIRST)
    assert found.healthy and f"encrypted with {FIRST_ID}" in found.found
    assert FIRST not in str(found)


@pytest.mark.parametrize(
    ("worker", "gateway", "ours", "words"),
    [
        (FIRST, SECOND, FIRST, f"{SECOND_ID} the gateway encrypts, the command and the worker cannot"),
        (FIRST, f"{SECOND} {FIRST}", f"{FIRST} {SECOND}", "the worker cannot"),
        ("", FIRST, FIRST, "the worker cannot"),
        (FIRST, FIRST, "", "the command cannot"),
    ],
)  # fmt: skip
async def test_keys_that_one_has_and_another_has_not_are_pointed_out(
    known: dict[str, Any],
    temporal: dict[str, Any],
    worker: str,
    gateway: str,
    ours: str,
    words: str,
) -> None:
    found = await keys_after(known, temporal, worker, gateway, ours)
    assert not found.healthy and words in found.found
    assert "BINOME_PAYLOAD_KEYS" in found.remedy


async def test_without_its_schedule_the_reconciler_is_missed(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    assert (await look(known, temporal))["reconciler"].remedy == "run: binome worker"


async def test_a_schedule_that_is_paused_is_pointed_out(known: dict[str, Any]) -> None:
    async with await Store.open(known["database_url"]) as store:
        ours = await store.installation.id()
    async with full_server() as server:
        await ensure_schedules(server.client, timedelta(minutes=5), ours)
        await server.client.get_schedule_handle(RECONCILE_SCHEDULE).pause()
        found = await look(
            known, {"target_host": server.client.service_client.config.target_host}
        )
    assert "unpause" in found["reconciler"].remedy


async def test_a_namespace_of_another_installation_is_pointed_out(
    known: dict[str, Any],
) -> None:
    async with full_server() as server:
        await ensure_schedules(server.client, timedelta(minutes=5), "theirs")
        found = await look(
            known, {"target_host": server.client.service_client.config.target_host}
        )
    assert "TEMPORAL_NAMESPACE" in found["reconciler"].remedy


async def test_without_a_worker_it_names_the_command(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    assert (await look(known, temporal))["worker"].remedy == "run: binome worker"


async def test_a_database_that_was_not_migrated_gets_the_command(
    known: dict[str, Any], temporal: dict[str, Any], empty_database_url: str
) -> None:
    found = (await look(known, temporal, database_url=empty_database_url))["database"]
    assert (found.healthy, found.remedy) == (False, "run: binome migrate")


async def test_an_unreachable_database_names_its_setting(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    url = f"postgresql://u:hunter2@127.0.0.1:{free_port()}/x"
    found = (await look(known, temporal, database_url=url))["database"]
    assert "BINOME_DATABASE_URL" in found.remedy


async def test_a_database_that_refuses_does_not_show_its_password(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    where = known["database_url"].rpartition("@")[2]
    url = f"postgresql://nobody-here:hunter2@{where}"
    found = (await look(known, temporal, database_url=url))["database"]
    assert not found.healthy
    assert "hunter2" not in str(found)


async def test_an_unreachable_temporal_names_its_setting(known: dict[str, Any]) -> None:
    nowhere = {"target_host": f"127.0.0.1:{free_port()}"}
    assert "TEMPORAL_ADDRESS" in (await look(known, nowhere))["temporal"].remedy


async def test_an_unreachable_mail_server_names_its_settings(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    found = (await look(known, temporal, smtp_port=free_port()))["mail"]
    assert "BINOME_SMTP_HOST" in found.remedy


async def test_links_that_open_nowhere_else_are_pointed_out(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    found = (await look(known, temporal, public_url="http://127.0.0.1:8080"))["links"]
    assert "BINOME_PUBLIC_URL" in found.remedy
