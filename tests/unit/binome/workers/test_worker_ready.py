"""Whether a worker is at work, asked of a server that has just started."""

from typing import Any

import pytest
from pytest import MonkeyPatch
from temporalio.service import RPCError, RPCStatusCode

from binome.doctor import workers
from binome.doctor.runs import repair
from binome.errors import ServerNotReached
from binome.servers import ServerAddresses
from binome.stack import temporal
from workers.settings import load_settings


class StartingServer:
    """A client of a Temporal cluster whose ring still holds members that are gone."""

    namespace = "default"

    @property
    def workflow_service(self) -> "StartingServer":
        return self

    async def describe_task_queue(self, _: Any, **__: Any) -> None:
        raise RPCError(
            "Not enough hosts to serve the request", RPCStatusCode.UNAVAILABLE, b""
        )


class ServersStarting(ServerAddresses):
    async def client(self) -> Any:
        return StartingServer()


@pytest.fixture
def servers() -> ServerAddresses:
    settings = load_settings(database_url="postgresql://u@h/d", secret="s" * 32)
    return ServersStarting(settings, {}, stack=True)


async def test_for_the_stack_no_answer_means_not_yet(monkeypatch: MonkeyPatch) -> None:
    async def connected(*_: object, **__: str) -> StartingServer:
        return StartingServer()

    monkeypatch.setattr(temporal, "connect", connected)
    assert not await temporal.worker_ready("127.0.0.1:7233")


async def test_for_the_doctor_no_answer_says_nothing_of_the_worker(
    servers: ServerAddresses,
) -> None:
    found = await workers.worker(servers)
    assert not found.healthy
    assert found.found == "cannot be seen while Temporal does not answer"


async def test_a_repair_is_refused_while_there_is_no_answer(
    servers: ServerAddresses,
) -> None:
    with pytest.raises(ServerNotReached, match="not ready yet"):
        await repair(servers)
