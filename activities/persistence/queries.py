"""The named queries of `sql/`, loaded once."""

from functools import cache
from pathlib import Path
from typing import Any

import aiosql


@cache
def queries() -> Any:
    return aiosql.from_path(
        Path(__file__).parent / "sql", "asyncpg", mandatory_parameters=False
    )
