import json
from pathlib import Path

import pytest
from pytest import CaptureFixture, MonkeyPatch

from binome import command_line
from binome.errors import CommandRefused, StackFailed
from tests.support.commands import run_command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandRefused("no"), 2),
        (StackFailed("no"), 1),
        (ExceptionGroup("several", [CommandRefused("no"), StackFailed("no")]), 2),
        (ZeroDivisionError(), 1),
    ],
)
def test_each_way_to_fail_has_its_exit_code(
    monkeypatch: MonkeyPatch, error: Exception, code: int
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(command_line, "app", fail)
    assert run_command("up") == code


def test_an_unforeseen_failure_quotes_nothing(
    monkeypatch: MonkeyPatch, capfd: CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ValueError("Zebulon")

    monkeypatch.setattr(command_line, "app", fail)
    run_command("up")
    error_output = capfd.readouterr().err
    assert "ValueError" in error_output
    assert "Zebulon" not in error_output


def test_an_unknown_command_is_refused() -> None:
    assert run_command("uo") == 2


def test_missing_settings_are_named(
    monkeypatch: MonkeyPatch, tmp_path: Path, capfd: CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BINOME_DATABASE_URL", raising=False)
    assert run_command("status", "some", f"--data={tmp_path}") == 2
    assert "BINOME_DATABASE_URL is missing" in capfd.readouterr().err


def test_a_document_that_is_no_json_is_refused_with_its_line(
    monkeypatch: MonkeyPatch, tmp_path: Path, capfd: CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BINOME_DATABASE_URL", "postgresql://u@127.0.0.1/x")
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)
    document = tmp_path / "document.json"
    document.write_text('{\n"programme" "x"}')
    assert run_command("start", str(document), f"--data={tmp_path}") == 2
    assert "is not JSON (line 2)" in capfd.readouterr().err


def test_the_doctor_answers_programs_too(
    monkeypatch: MonkeyPatch, tmp_path: Path, capfd: CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BINOME_SECRET", raising=False)
    assert run_command("doctor", f"--data={tmp_path}", "--json") == 1
    remedies = [each["remedy"] for each in json.loads(capfd.readouterr().out)]
    assert any(remedy.startswith("BINOME_SECRET is missing") for remedy in remedies)


@pytest.mark.parametrize(
    ("name", "why"), [("Two Words", "is not a code"), ("page", "is taken")]
)
def test_a_source_cannot_bear_any_name(
    tmp_path: Path,
    capfd: CaptureFixture[str],
    name: str,
    why: str,
) -> None:
    assert run_command("sources", "add", name, f"--data={tmp_path}") == 2
    assert why in capfd.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["report", "\udcff"],
        ["status", "Two Words"],
        ["match", "preview", "\udcff", "comex"],
        ["match", "preview", "demo", "Comex"],
    ],
)
def test_what_is_no_code_is_refused(
    monkeypatch: MonkeyPatch,
    tmp_path: Path,
    capfd: CaptureFixture[str],
    words: list[str],
) -> None:
    monkeypatch.setenv("BINOME_DATABASE_URL", "postgresql://u@127.0.0.1/x")
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)
    assert run_command(*words, f"--data={tmp_path}") == 2
    assert "is not a code; allowed: lower-case letters" in capfd.readouterr().err
