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
from tests.support.mail_server import MailServer
from tests.support.temporal_servers import full_server
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
    assert well == {"links", "database", "temporal", "mail", "runs"}


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


async def test_without_its_schedule_the_reconciler_is_missed(
    known: dict[str, Any], temporal: dict[str, Any]
) -> None:
    assert (await look(known, temporal))["reconciler"].remedy == "run: binome worker"


async def test_a_schedule_that_is_paused_is_pointed_out(known: dict[str, Any]) -> None:
    async with full_server() as server:
        await ensure_schedules(server.client, timedelta(minutes=5))
        await server.client.get_schedule_handle(RECONCILE_SCHEDULE).pause()
        found = await look(
            known, {"target_host": server.client.service_client.config.target_host}
        )
    assert "unpause" in found["reconciler"].remedy


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
    url = known["database_url"].replace("postgres@", "nobody-here:hunter2@")
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
