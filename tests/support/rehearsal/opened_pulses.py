"""What people answered, opened with the secret of the stack that they answered."""

from dataclasses import dataclass
from pathlib import Path

from activities.persistence.sealing.sealed_tables import PULSES
from activities.persistence.store import Store
from tests.support.rehearsal.own_sql import Database
from tests.support.stack import wrapping_keys_of_stack


@dataclass(frozen=True)
class OpenedPulse:
    """One row of `pulses`."""

    key: tuple[str, int, str]
    region: str
    score: int
    words: set[object]
    released: bool


async def opened_pulses(found: Database, data: Path, url: str) -> list[OpenedPulse]:
    """Every pulse of the stack whose data folder is `data`."""
    rows = await found.rows("select * from pulses")
    wrapping = wrapping_keys_of_stack(data)
    async with await Store.open(url, size=1, wrapping_keys=wrapping) as store:
        keys = await store.data_keys.opened(row["person"] for row in rows)
    pulses = []
    for row in rows:
        score = keys.open(PULSES, row, "score")
        assert isinstance(score, int)
        pulses.append(
            OpenedPulse(
                (row["pair"], row["session"], row["side"]),
                row["region"],
                score,
                {keys.open(PULSES, row, column) for column in ("idea", "comment")},
                row["release"] is not None,
            )
        )
    return pulses
