"""With real processes: small Python programs that touch a file when they run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from binome.errors import StackFailed
from binome.stack.component_process import (
    Component,
    ComponentProcess,
    inherited_environment,
)
from binome.stack.leftovers import end_leftovers, remember
from binome.stack.process_identity import ProcessIdentity, identity
from tests.support.waiting import LONGEST_WAIT_SECONDS

FOR_EVER = "import pathlib, signal; pathlib.Path('up').touch(); signal.pause()"


async def until(reached: Callable[[], bool]) -> None:
    """Fails after a minute."""
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        while not reached():
            await asyncio.sleep(0.01)


class Bench:
    """Starts children in one folder and collects what is reported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports: asyncio.Queue[str] = asyncio.Queue()
        self.children: list[ComponentProcess] = []
        (folder / "logs").mkdir()

    async def start(self, program: str) -> ComponentProcess:
        text = f"import os; os.chdir({str(self.folder)!r}); {program}"

        async def ready() -> bool:
            return self.is_up()

        toy = Component(
            "toy",
            "the toy",
            lambda: [sys.executable, "-c", text],
            ready,
            stop_seconds=5,
        )
        child = ComponentProcess(toy, self.folder, self.reports.put_nowait)
        self.children.append(child)
        await child.start(ready_seconds=60)
        return child

    def is_up(self) -> bool:
        return (self.folder / "up").exists()

    def is_noted(self, besides: int = 0) -> bool:
        """Up, and its number is on file, which follows a moment later; `besides` is one that ran before."""
        noted = (self.folder / "processes.json").exists()
        return (
            noted
            and self.is_up()
            and besides not in self.pids()
            and all(identity(p) for p in self.pids())
        )

    def process(self) -> ProcessIdentity:
        (found,) = [identity(pid) for pid in self.pids()]
        assert found is not None
        return found

    def pids(self) -> list[int]:
        return [
            noted["pid"]
            for noted in json.loads(
                (self.folder / "processes.json").read_text()
            ).values()
        ]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for child in bench.children:
        await child.stop()


async def test_a_stopped_child_has_ended(bench: Bench) -> None:
    child = await bench.start(FOR_EVER)
    process = bench.process()
    await child.stop()
    assert not process.alive()


async def test_a_child_that_ignores_the_signal_is_killed(bench: Bench) -> None:
    child = await bench.start(
        f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOR_EVER}"
    )
    object.__setattr__(child.component, "stop_seconds", 0.1)
    process = bench.process()
    await child.stop()
    assert not process.alive()


async def test_a_child_that_dies_is_reported_by_name_with_its_last_lines(
    bench: Bench,
) -> None:
    await bench.start(f"print('my last words', flush=True); {FOR_EVER}")
    os.kill(bench.process().pid, signal.SIGKILL)
    report = await asyncio.wait_for(bench.reports.get(), LONGEST_WAIT_SECONDS)
    assert "The toy ended (killed by SIGKILL)" in report
    assert "my last words" in report


async def test_a_child_that_dies_is_started_again(bench: Bench) -> None:
    await bench.start(FOR_EVER)
    first = bench.process()
    (bench.folder / "up").unlink()
    os.kill(first.pid, signal.SIGKILL)
    await until(lambda: bench.is_noted(besides=first.pid))
    assert bench.process().alive()


async def test_a_child_that_keeps_dying_is_given_up(bench: Bench) -> None:
    with pytest.raises(
        StackFailed, match=r"The toy ended \(exit code 3\)[\s\S]*5 times and ended"
    ):
        await bench.start("import sys; sys.exit(3)")


async def test_no_child_outlives_a_parent_that_is_killed(bench: Bench) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path\n"
        "from tests.unit.binome.test_component_process import FOR_EVER, Bench\n"
        "async def main():\n"
        "    await Bench(Path(sys.argv[1])).start(FOR_EVER)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    (bench.folder / "logs").rmdir()
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(bench.folder)
    )
    await until(bench.is_noted)
    child = bench.process()
    parent.kill()
    await parent.wait()
    await until(lambda: not child.alive())
    assert not child.alive()


def test_a_child_left_over_is_ended_at_the_next_start(tmp_path: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    remember(tmp_path, "toy", left.pid)
    assert end_leftovers(tmp_path) == ["toy"]
    assert left.wait(60) != 0


def test_another_process_of_the_same_number_is_left_alone(tmp_path: Path) -> None:
    remember(tmp_path, "toy", os.getpid())
    noted = (tmp_path / "processes.json").read_text()
    found = identity(os.getpid())
    assert found is not None
    (tmp_path / "processes.json").write_text(noted.replace(f'"{found.started}"', '"1"'))
    assert end_leftovers(tmp_path) == []


def test_a_damaged_note_of_processes_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text("{")
    assert end_leftovers(tmp_path) == []


def test_a_component_inherits_no_settings_of_another_installation() -> None:
    around = {
        "PATH": "/bin",
        "BINOME_SMTP_USERNAME": "x",
        "BINOME_BUILD_ID": "1",
        "TEMPORAL_API_KEY": "x",
    }
    assert inherited_environment(around) == {"PATH": "/bin"}
