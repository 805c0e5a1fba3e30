"""Receipts and exports as people read them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.erasure.plan import CHANGED, PLAN
from domain.erasure.table_plan import Fate
from schemas.records.erasures import Erasure
from schemas.wording.counted import counted


def receipt_lines(erasure: Erasure) -> Iterator[str]:
    """Yields the lines of a receipt, finished or not."""
    asked = f"{erasure.requested_at:%Y-%m-%d %H:%M} UTC"
    yield f"Erasure of {erasure.person}, asked for by {erasure.requested_by} on {asked}"
    if erasure.finished_at is None:
        yield "Under way: nothing is erased yet."
        return
    yield f"Finished on {erasure.finished_at:%Y-%m-%d %H:%M} UTC."
    for table, count in erasure.counts.items():
        if count:
            yield f"  {table}: {counted(count, 'row')} {_fate(table)}"
    yield f"Digest of the organisation's id: {erasure.digest}"


def _fate(table: str) -> str:
    return PLAN[table].fate.value if table in CHANGED else Fate.KEPT.value


def export_document(
    external_id: str, held: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Returns what is held about somebody as programs read it; `external_id` names them."""
    return {"person": external_id, "held": held}


def export_lines(held: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """Yields all that is held about somebody, a paragraph a row, and what happens to it at an erasure."""
    for table in PLAN:
        rows = held.get(table, ())
        if not rows:
            continue
        yield f"## {table.replace('_', ' ')}"
        yield f"{counted(len(rows), 'row')}. At an erasure: {PLAN[table].fate.value} ({PLAN[table].why})."
        for row in rows:
            yield ""
            for column, value in row.items():
                if not _empty(value):
                    yield f"- {column.replace('_', ' ')}: {_text(value)}"
        yield ""


def _empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    return str(value)
