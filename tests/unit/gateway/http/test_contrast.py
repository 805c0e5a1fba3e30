"""Colours of the one style sheet: every text can be read, in light and in dark."""

import re
from pathlib import Path

import pytest

import gateway

SHEET = (Path(gateway.__file__).parent / "static" / "binome.css").read_text()
BLOCKS = [
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{([^}]*)\}", SHEET)
]
LIGHT, DARK = BLOCKS[0], {**BLOCKS[0], **BLOCKS[1]}
READ = [
    ("ink", "paper"),
    ("ink", "card"),
    ("soft", "paper"),
    ("soft", "card"),
    ("accent", "card"),
    ("accent", "paper"),
    ("accent", "accent-wash"),
    ("ink", "accent-wash"),
    ("accent-ink", "accent"),
    ("warn", "warn-wash"),
    ("ink", "warn-wash"),
    ("soft", "warn-wash"),
]


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ)
def test_text_contrasts_with_its_background(
    scheme: dict[str, str], text: str, ground: str
) -> None:
    lighter, darker = sorted(
        (luminance(scheme[text]), luminance(scheme[ground])), reverse=True
    )
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
