"""`binome builds`, as far as it needs no server; tests/integration/test_rolling_upgrade.py has the rest."""

from pathlib import Path

import pytest
from pytest import CaptureFixture, MonkeyPatch

from binome.builds import Build
from tests.support.commands import run_command


@pytest.fixture
def versioned(monkeypatch: MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://u@127.0.0.1/x",
        "SECRET": "s" * 32,
        "DEPLOYMENT_NAME": "binome",
        "BUILD_ID": "0.2.0",
    }.items():
        monkeypatch.setenv(f"BINOME_{name}", value)


@pytest.mark.parametrize(
    ("option", "said"),
    [("--percent=101", "allowed: 0 to 100"), ("--wait=soon", "allowed: such as")],
)
def test_what_is_out_of_range_is_refused(
    versioned: None, tmp_path: Path, capfd: CaptureFixture[str], option: str, said: str
) -> None:
    assert run_command("builds", "use", "0.2.0", option, f"--data={tmp_path}") == 2
    assert said in capfd.readouterr().err


@pytest.mark.parametrize("words", [("list",), ("use", "0.2.0")])
def test_workers_without_builds_are_refused_with_what_to_set(
    versioned: None,
    monkeypatch: MonkeyPatch,
    tmp_path: Path,
    capfd: CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    monkeypatch.delenv("BINOME_DEPLOYMENT_NAME")
    monkeypatch.delenv("BINOME_BUILD_ID")
    assert run_command("builds", *words, f"--data={tmp_path}") == 2
    assert "set BINOME_DEPLOYMENT_NAME and BINOME_BUILD_ID" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("builds", "said"),
    [
        ([Build("0.2.0", 5, None), Build("0.1.0", 95, None)], None),
        ([Build("0.2.0", 5, None)], "The other 95 % go to workers without a build id."),
        ([], "The other 100 % go to workers without a build id."),
    ],
    ids=["one is tried", "the first is tried", "none yet"],
)
def test_who_gets_the_rest_is_said_where_there_is_any(
    versioned: None,
    monkeypatch: MonkeyPatch,
    tmp_path: Path,
    capfd: CaptureFixture[str],
    builds: list[Build],
    said: str | None,
) -> None:
    async def known(*_: object) -> list[Build]:
        return builds

    monkeypatch.setattr("binome.commands.builds._known", known)
    assert run_command("builds", "list", f"--data={tmp_path}") == 0
    printed = capfd.readouterr().out
    assert ("The other" in printed) is (said is not None)
    assert said is None or said in printed
