"""What is installed: the wheel's packages, and dependencies by version and hash alone."""

import re
import tomllib
from pathlib import Path

import pytest

from tools.words import PRODUCT

ROOT = Path(__file__).parents[3]
PACKAGES = tuple(name for name in PRODUCT if name != "tools")
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


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()


def test_the_wheel_holds_no_tools_tests_or_benchmarks() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    included = {each.rstrip("*") for each in config["packages"]["find"]["include"]}
    assert included == {*PACKAGES, "examples"}
