"""The whole plan: every table of the database, once."""

from collections.abc import Mapping
from typing import Any

from domain.erasure.account_tables import ACCOUNT_TABLES
from domain.erasure.message_tables import MESSAGE_TABLES, OWN_TABLES
from domain.erasure.people_tables import PEOPLE_TABLES, WORDS_TABLES
from domain.erasure.programme_tables import MATCHING_TABLES, PROGRAMME_TABLES
from domain.erasure.table_plan import Fate, TablePlan

PLAN: Mapping[str, TablePlan] = {
    each.table: each
    for each in (
        *PEOPLE_TABLES,
        *WORDS_TABLES,
        *PROGRAMME_TABLES,
        *MATCHING_TABLES,
        *MESSAGE_TABLES,
        *ACCOUNT_TABLES,
        *OWN_TABLES,
    )
}
"""By name of the table."""

CHANGED = tuple(table for table, each in PLAN.items() if each.fate is not Fate.KEPT)
"""Tables in which an erasure deletes or empties something."""
SHOWN = tuple(table for table, each in PLAN.items() if each.shown)
"""Tables whose rows about a person an export shows."""


def shown_row(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what an export shows of a row that is about its person."""
    hidden = PLAN[table].hidden
    return {column: value for column, value in row.items() if column not in hidden}
