"""Temporal's servers for tests: the full one, and the one that skips time."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from binome.stack.temporal import SEARCH_ATTRIBUTES
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.servers import cluster_server
from workers.converter import data_converter

PROGRAMS = Path(sys.executable).parent
_MAKE_KEY: dict[str, Callable[[str], SearchAttributeKey[Any]]] = {
    "Keyword": SearchAttributeKey.for_keyword,
    "Int": SearchAttributeKey.for_int,
}
_INDEXED = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
}


@asynccontextmanager
async def full_server(*options: str) -> AsyncIterator[WorkflowEnvironment]:
    """A dev server of its own with our search attributes; `options` of its command.

    A real one on PostgreSQL where tests are to run on a cluster.
    """
    if server := ServerFolder.chosen():
        async with cluster_server(server, *options) as environment:
            yield environment
        return
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(PROGRAMS / "temporal"),
        data_converter=data_converter,
        search_attributes=[
            _MAKE_KEY[kind](name) for name, kind in SEARCH_ATTRIBUTES.items()
        ],
        dev_server_log_level="error",
        dev_server_extra_args=options,
    ) as environment:
        yield environment


@asynccontextmanager
async def skipping_server() -> AsyncIterator[WorkflowEnvironment]:
    """A server that skips time; it has one clock, so that each test wants its own."""
    program = PROGRAMS / "temporal-test-server"
    assert program.exists(), f"{program.name} is missing; run make setup"
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(program), data_converter=data_converter
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace="default",
                search_attributes={
                    name: _INDEXED[kind] for name, kind in SEARCH_ATTRIBUTES.items()
                },
            )
        )
        yield environment


@pytest.fixture(scope="session")
async def temporal_server() -> AsyncIterator[WorkflowEnvironment]:
    """One full server for all tests of a process; `temporal_server.client`."""
    async with full_server() as environment:
        yield environment


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_server() as environment:
        yield environment
