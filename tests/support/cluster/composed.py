"""The services of docker-compose.yml as processes of this machine, in the order that the file gives them."""

import asyncio
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from binome.stack.ports import LOOPBACK, free_port
from binome.stack.postgres import Cluster, subprocess_user
from tests.support.cluster.compose_file import ROOT, ComposeFile, ComposeService
from tests.support.cluster.places import Places
from tests.support.cluster.ports import ROLES
from tests.support.cluster.processes import KeptProcess, run_to_end
from tests.support.waiting import until

COMPLETED = "service_completed_successfully"
HEALTHY = "service_healthy"
OURS = "binome:"
"""Image whose entry point is `binome`."""
POSTGRES = "postgres"
TEMPORAL = "temporal"


class Composed:
    """Its processes, by the service's name, and by number where there are several."""

    def __init__(
        self,
        places: Places,
        settings: Mapping[str, Mapping[str, str]] | None = None,
        *,
        roles_apart: bool = False,
        postgres_is_there: bool = False,
        accounts_are_there: bool = False,
    ) -> None:
        """`settings`: of services, instead of the file's; `roles_apart`: each role of
        Temporal's server is a process; the others: what was done before.
        """
        self.places, self._settings = places, settings or {}
        self._services = ComposeFile.read().services
        self._roles_apart = roles_apart
        self._accounts_are_there = accounts_are_there
        self.processes: dict[str, KeptProcess] = {}
        self.completed: list[str] = []
        self._up = {POSTGRES} if postgres_is_there else set()
        self._logs = places.folder / "logs"
        self._logs.mkdir(exist_ok=True)

    async def bring_up(self, name: str) -> None:
        """Return when it is as others wait for it; first whatever it waits for itself."""
        service = self._services[name]
        for other, condition in service.conditions.items():
            await self.bring_up(other)
            completed = other in self.completed
            assert condition == (COMPLETED if completed else HEALTHY), other
        if name in self._up:
            return
        self._up.add(name)
        if service.raw["restart"].startswith("on-failure"):
            await self.complete(name)
            self.completed.append(name)
            return
        if name == POSTGRES:
            self._start_postgres(service)
        else:
            self._start(service)
        await self.healthy(name)
        if name == POSTGRES and not self._accounts_are_there:
            await make_accounts(self.places, self.cluster())

    async def healthy(self, name: str) -> None:
        """Wait until the file's own health check of it passes."""
        service = self._services[name]
        check = self.places.health_check(service)
        log = self._logs / f"{name}.health.log"

        async def passes() -> bool:
            return await run_to_end(check, self._environment(service), log) == 0

        try:
            await until(passes)
        except AssertionError:
            said = [process.last_lines() for process in self._of(name)]
            raise AssertionError("\n".join([f"{name} is not healthy", *said])) from None

    async def stop(self) -> None:
        """End the services that were started last first."""
        names = dict.fromkeys(key.partition("-")[0] for key in self.processes)
        for name in reversed(names):
            await asyncio.gather(*(process.stop() for process in self._of(name)))

    def _of(self, name: str) -> list[KeptProcess]:
        return [p for key, p in self.processes.items() if key.startswith(name)]

    def _environment(self, service: ComposeService) -> dict[str, str]:
        changed = self._settings.get(service.name, {})
        return {**self.places.environment(service), **changed}

    def _command(self, service: ComposeService) -> list[str]:
        entry_point = ["binome"] if service.raw["image"].startswith(OURS) else []
        return [*entry_point, *self.places.command(service)]

    async def complete(self, name: str, *words: str) -> None:
        """Run it to a good end, again as often as the file allows; `words` after its command."""
        service = self._services[name]
        log, environment = (
            self._logs / f"{service.name}.log",
            self._environment(service),
        )
        for attempt in range(service.most_restarts + 1):
            command = [*self._command(service), *words]
            if await run_to_end(command, environment, log) == 0:
                return
            await asyncio.sleep(min(0.1 * 2**attempt, 5))
        raise AssertionError(f"{name} failed:\n{log.read_text()[-2000:]}")

    async def execute(
        self, name: str, command: list[str], settings: Mapping[str, str]
    ) -> int:
        """Returns the exit code of a command in a container of the service."""
        environment = {**self._environment(self._services[name]), **settings}
        return await run_to_end(command, environment, self._logs / f"{name}.exec.log")

    def _start(self, service: ComposeService) -> None:
        roles = ROLES if service.name == TEMPORAL and self._roles_apart else ("",)
        for number in range(service.replicas):
            for role in roles:
                key = "-".join(filter(None, [service.name, role, str(number + 1)]))
                only = {"TEMPORAL_SERVICES": role} if role else {}
                self.start_as(key, service.name, only)

    def start_as(self, key: str, name: str, settings: Mapping[str, str]) -> None:
        """One more process of a service; `settings` instead of the file's."""
        service = self._services[name]
        process = KeptProcess(
            lambda: self._command(service),
            {**self._environment(service), **_own_metrics(name), **settings},
            self._logs / f"{key}.log",
        )
        self.processes[key] = process
        process.start()

    def _start_postgres(self, service: ComposeService) -> None:
        """The image's own launcher makes the data folder; the file says the rest."""
        cluster = self.cluster()
        options = service.command[1:]

        def command() -> list[str]:
            cluster.prepare()
            return [*cluster.command(), *options]

        process = KeptProcess(
            command, {"LC_ALL": "C"}, self._logs / "postgres.log", signal.SIGINT,
            subprocess_user(),
        )  # fmt: skip
        self.processes[POSTGRES] = process
        process.start()

    def cluster(self) -> Cluster:
        """Durable: killed without that, it forgets commits whose events workers have seen."""
        return Cluster(self.places.data, self.places.postgres)


def _own_metrics(name: str) -> dict[str, str]:
    """Each worker's container has an address of its own, processes of one machine have not."""
    if name != "worker":
        return {}
    return {
        "BINOME_METRICS_HOST": LOOPBACK,
        "BINOME_METRICS_PORT": str(free_port()),
    }


def make_secrets(folder: Path) -> None:
    """By deploy/secrets.sh itself, which makes them beside its own folder."""
    (folder / "deploy").mkdir(exist_ok=True)
    shutil.copy(ROOT / "deploy/secrets.sh", folder / "deploy")
    _run(["sh", str(folder / "deploy/secrets.sh")])


async def make_accounts(places: Places, cluster: Cluster) -> None:
    """Run what PostgreSQL's image runs once it has made the data folder."""
    service = ComposeFile.read().services[POSTGRES]
    environment = {
        **places.environment(service),
        "PGUSER": "postgres",
        "PGPASSWORD": password_of(cluster),
        "PGDATA": str(cluster.data),
        "PGOPTIONS": "-c scram_iterations=4096",  # the image's; Temporal takes no fewer
    }
    for script in _scripts(service):
        log = places.folder / "logs" / f"{script.name}.log"
        code = await run_to_end(["sh", str(script)], environment, log)
        assert code == 0, log.read_text()


def password_of(cluster: Cluster) -> str:
    """Its superuser's."""
    return cluster.url().partition("postgres:")[2].partition("@")[0]


def _scripts(postgres: ComposeService) -> list[Path]:
    return sorted(Path(postgres.folders["/docker-entrypoint-initdb.d"]).glob("*.sh"))


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
