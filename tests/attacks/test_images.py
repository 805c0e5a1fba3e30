"""Whoever takes over a tag of an image we name gets nothing run in our deployment."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BUILT_HERE = "binome:0.1.0"
PINNED = re.compile(r"[a-z/-]+:[0-9][0-9a-z.-]*@sha256:[0-9a-f]{64}")


def named_images() -> list[str]:
    compose = (ROOT / "docker-compose.yml").read_text()
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    of_services = re.findall(r"^ +image: (?:&\S+ )?([^*\s]\S*)", compose, re.MULTILINE)
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    return sorted({*of_services, *bases} - {BUILT_HERE})


@pytest.mark.parametrize("image", named_images())
def test_an_image_is_named_by_version_and_digest(image: str) -> None:
    assert PINNED.fullmatch(image)


def test_one_version_has_one_digest() -> None:
    tags = [image.partition("@")[0] for image in named_images()]
    assert len(tags) == len(set(tags)) > 4
