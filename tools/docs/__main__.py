"""`python -m tools.docs` writes the generated files; `--check` fails when one is out of date."""

import sys
from pathlib import Path

from binome.printing import say, warn
from tools.docs import (
    diagrams,
    erasure,
    events,
    fields,
    json_schemas,
    lifecycle,
    matching,
    metrics,
    query_names,
)

DOCS = Path(__file__).parent.parent.parent / "docs"


def files() -> dict[Path, str]:
    """Every generated file with its contents."""
    return {
        DOCS / "erasure.md": erasure.page(),
        DOCS / "events.md": events.page(),
        DOCS / "lifecycle.md": lifecycle.page(),
        DOCS / "matching.md": matching.page(),
        DOCS / "metrics.md": metrics.page(),
        DOCS / "pair.svg": diagrams.pair_svg(),
        DOCS / "programme-document.md": fields.page(),
        query_names.MODULE: query_names.module(),
        **{
            DOCS / "schemas" / f"{name}.json": text
            for name, text in json_schemas.texts().items()
        },
    }


def stale(wanted: dict[Path, str]) -> list[Path]:
    """Files that differ from what the code says, and schemas that no longer exist."""
    left = [p for p in (DOCS / "schemas").glob("*.json") if p not in wanted]
    return [
        p
        for p, text in wanted.items()
        if not p.exists() or p.read_text("utf-8") != text
    ] + left


def main(arguments: list[str]) -> int:
    wanted = files()
    if "--check" in arguments:
        old = stale(wanted)
        for path in old:
            warn(
                f"{path.relative_to(DOCS.parent)} is out of date; run: python -m tools.docs"
            )
        return 1 if old else 0
    for path in stale(wanted):
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], "utf-8")
            say(f"wrote {path.relative_to(DOCS.parent)}")
        else:
            path.unlink()
            say(f"removed {path.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
