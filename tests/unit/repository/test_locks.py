"""What is installed is named by version and hash, and by nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = ("requirements.lock", "deploy/requirements.lock")
PINNED = re.compile(r"^([a-z0-9-]+)==[^ ]+( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pinned(lock: str) -> set[str]:
    return set(
        re.findall(r"^[a-z0-9-]+==[^ ]+", (ROOT / lock).read_text(), re.MULTILINE)
    )


def names(lock: str) -> set[str]:
    return {each.partition("==")[0] for each in pinned(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_packages_versions_and_hashes_only(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert lines
    assert [
        line for line in lines if not (PINNED.match(line) or HASH.match(line))
    ] == []


def test_the_image_has_the_versions_that_were_tested() -> None:
    assert pinned("deploy/requirements.lock") < pinned("requirements.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_of_the_project_is_locked(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=\[]", each)[0] for each in project["dependencies"]}
    assert wanted <= names(lock)


def test_the_image_has_nothing_of_the_one_machine_stack() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    stack = project["optional-dependencies"]["stack"]
    unwanted = {re.split(r"[<>=\[]", each)[0] for each in stack}
    assert unwanted <= names("requirements.lock")
    assert not unwanted & names("deploy/requirements.lock")
