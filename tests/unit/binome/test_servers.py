import json
from pathlib import Path

import pytest

from binome.servers import find_servers
from binome.stack.data_folder import lock_folder
from workers.settings import SettingsInvalid

STACK = {
    "database_url": "postgresql://postgres@127.0.0.1:1/binome",
    "gateway": "http://127.0.0.1:2",
    "ui": "http://127.0.0.1:3",
    "temporal": "127.0.0.1:4",
    "namespace": "default",
    "smtp": "127.0.0.1:5",
}


def test_a_running_stack_goes_before_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINOME_DATABASE_URL", "postgresql://elsewhere/x")
    with lock_folder(tmp_path) as folder:
        folder.link_signing_key()
        folder.save("stack.json", json.dumps(STACK))
        where = find_servers(tmp_path)
    assert where.settings.database_url == STACK["database_url"]
    assert where.temporal == {"target_host": "127.0.0.1:4", "namespace": "default"}
    assert where.settings.smtp_port == 5


def test_without_a_stack_the_settings_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINOME_DATABASE_URL", "postgresql://elsewhere/x")
    monkeypatch.setenv("BINOME_SECRET", "s" * 32)
    where = find_servers(tmp_path)
    assert (where.settings.database_url, where.stack) == (
        "postgresql://elsewhere/x",
        False,
    )


def test_without_both_every_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BINOME_DATABASE_URL", raising=False)
    with pytest.raises(
        SettingsInvalid, match=r"binome up[\s\S]*--data[\s\S]*BINOME_DATABASE_URL"
    ):
        find_servers(tmp_path)
