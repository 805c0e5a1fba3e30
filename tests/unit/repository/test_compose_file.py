"""docker-compose.yml fits together: connections, logs, what is decided once for ever."""

from inspect import signature
from pathlib import Path

import pytest

from activities.persistence.store import Store
from tests.support.cluster.compose_file import ComposeFile, ComposeService
from tests.support.cluster.ports import ROLES
from workers.build import MATCHING_CONNECTIONS
from workers.limit_settings import LimitSettings

FILE = ComposeFile.read()
LISTENING = 1
"""A store's connection beside its pool."""
RESERVED = 3
"""PostgreSQL's own, for its superuser."""
MIGRATING = 1
LASTING = [
    name
    for name, service in FILE.services.items()
    if service.raw["restart"] == "unless-stopped"
]


def of_ours() -> int:
    """Connections of one worker or gateway."""
    return int(signature(Store.open).parameters["size"].default) + LISTENING


def of_temporal() -> int:
    settings = FILE.services["temporal"].environment
    return len(ROLES) * (
        int(settings["SQL_MAX_CONNS"]) + int(settings["SQL_VIS_MAX_CONNS"])
    )


def most_connections() -> int:
    command = FILE.services["postgres"].command
    [found] = [word for word in command if word.startswith("max_connections=")]
    return int(found.partition("=")[2])


def of_parts(workers: int, gateways: int) -> int:
    runs: int = LimitSettings.model_fields["matching_runs"].default
    matching = runs * MATCHING_CONNECTIONS
    return workers * (of_ours() + matching) + gateways * of_ours()


def test_postgres_has_room_for_all_parts_twice_our_own_as_in_an_upgrade() -> None:
    """Backups count among PostgreSQL's senders of WAL, not among its connections."""
    parts = of_parts(*(FILE.services[name].replicas for name in ("worker", "gateway")))
    commands = of_ours()
    needed = of_temporal() + 2 * parts + commands + MIGRATING + RESERVED
    assert needed <= most_connections()


@pytest.mark.parametrize("service", FILE.services.values(), ids=FILE.services)
def test_no_container_fills_the_disk_with_its_log(service: ComposeService) -> None:
    assert service.raw["logging"]["driver"] == "json-file"
    assert set(service.raw["logging"]["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize("name", sorted(set(LASTING) - {"ui"}))
def test_whatever_goes_on_has_a_health_check(name: str) -> None:
    assert FILE.services[name].health_check


def test_the_number_of_shards_is_chosen_and_not_left_to_temporal() -> None:
    assert FILE.services["temporal"].environment["NUM_HISTORY_SHARDS"] == "512"


def test_temporal_s_limits_are_a_file_of_ours_since_its_image_has_none() -> None:
    temporal = FILE.services["temporal"]
    file = temporal.environment["DYNAMIC_CONFIG_FILE_PATH"]
    folder, _, name = file.rpartition("/")
    assert (Path(temporal.folders[folder]) / name).exists()


def test_one_worker_goes_on_while_another_is_replaced() -> None:
    assert FILE.services["worker"].replicas >= 2


def test_server_and_tools_are_of_one_version() -> None:
    names = ("temporal-schema", "temporal-namespace")
    images = {FILE.services[name].raw["image"].partition("@")[0] for name in names}
    assert images == {f"temporalio/admin-tools:{FILE.temporal_version}"}
