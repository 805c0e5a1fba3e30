"""The named queries, loaded once. Each says in its file why it is there."""

from functools import cache
from pathlib import Path
from typing import Any

import aiosql


@cache
def queries() -> Any:
    return aiosql.from_path(
        Path(__file__).parent / "sql", "asyncpg", mandatory_parameters=False
    )
