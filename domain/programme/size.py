"""How large a programme document may be; counted before anything of it is read."""

from collections.abc import Mapping
from typing import Any

from domain.sizes import is_larger
from schemas.programme import MOST_REGIONS, Problem

MOST_VALUES = 10_000
"""Fields and items. The largest document that we know of has 400."""
MOST_CHARACTERS = 200_000


def too_large(raw: Mapping[str, Any]) -> Problem | None:
    """Returns what is too large in a document; the count ends as soon as it shows."""
    regions = raw.get("regions")
    if isinstance(regions, list) and len(regions) > MOST_REGIONS:
        what = f"too many; allowed: up to {MOST_REGIONS}"
        return Problem(path="regions", what=what)
    if is_larger(raw, MOST_VALUES, MOST_CHARACTERS):
        what = (
            f"too large; allowed: up to {MOST_VALUES:,} values"
            f" and {MOST_CHARACTERS:,} characters"
        )
        return Problem(path="document", what=what)
    return None
