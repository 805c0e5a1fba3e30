import json
from pathlib import Path

import pytest

from binome.errors import CommandRefused
from binome.stack.data_folder import DataFolder, lock_folder, running_stack


def test_a_folder_in_use_is_refused_with_its_option(tmp_path: Path) -> None:
    with (
        lock_folder(tmp_path),
        pytest.raises(CommandRefused, match=r"in use by another stack.*--data"),
        lock_folder(tmp_path),
    ):
        pytest.fail("held twice")


def test_a_folder_is_free_again_after_use(tmp_path: Path) -> None:
    with lock_folder(tmp_path):
        pass
    with lock_folder(tmp_path) as folder:
        assert folder.mails.is_dir()


def test_a_folder_that_cannot_be_written_to_is_refused_with_its_option(
    tmp_path: Path,
) -> None:
    file = tmp_path / "file"
    file.touch()
    with (
        pytest.raises(CommandRefused, match=r"cannot be written to.*--data"),
        lock_folder(file / "below"),
    ):
        pytest.fail("held")


def test_the_signing_key_stays_the_same(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert folder.link_signing_key() == DataFolder(tmp_path).link_signing_key()
    assert len(folder.link_signing_key()) >= 32


def test_what_is_kept_is_for_this_account_alone(tmp_path: Path) -> None:
    DataFolder(tmp_path).save("token", "x")
    assert (tmp_path / "token").stat().st_mode & 0o077 == 0


def test_a_stack_is_found_while_it_holds_its_folder(tmp_path: Path) -> None:
    with lock_folder(tmp_path) as folder:
        folder.save("stack.json", json.dumps({"gateway": "here"}))
        assert running_stack(tmp_path) == {"gateway": "here"}


def test_a_stack_that_ended_is_not_found(tmp_path: Path) -> None:
    with lock_folder(tmp_path) as folder:
        folder.save("stack.json", "{}")
    assert running_stack(tmp_path) is None


def test_no_stack_is_found_where_there_never_was_one(tmp_path: Path) -> None:
    assert running_stack(tmp_path / "nowhere") is None


def test_a_folder_that_was_asked_to_encrypt_once_has_its_key_for_ever(
    tmp_path: Path,
) -> None:
    folder = DataFolder(tmp_path)
    assert folder.payload_keys() == ""
    keys = folder.payload_keys(encrypt=True)
    assert len(keys) >= 32
    assert folder.payload_keys() == folder.payload_keys(encrypt=True) == keys
    assert (tmp_path / "payload_keys").stat().st_mode & 0o777 == 0o600
