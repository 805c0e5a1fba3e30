"""The plan of an erasure names every table and column of the database, and the queries follow it."""

import re

import asyncpg
import pytest

from activities.persistence.erasure import STEPS
from activities.persistence.queries import queries
from activities.persistence.sealing.sealed_tables import SEALED_TABLES
from domain.erasure.plan import CHANGED, PLAN, SHOWN
from domain.erasure.table_plan import Fate

_COLUMNS = """
    select c.relname as "table", a.attname as "column"
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped
"""
_BYTES = """
    select table_name, column_name from information_schema.columns where table_schema = 'public' and udt_name = 'bytea'
"""
DIGESTS_AND_KEYS = {
    ("account_sessions", "token_hash"),
    ("accounts", "token_hash"),
    ("data_keys", "wrapped"),
    ("openid_requests", "state_hash"),
    ("sign_in_attempts", "key"),
    ("sign_in_links", "token_hash"),
    ("source_credentials", "sealed_secret"),
    ("source_credentials", "token_hash"),
    ("transitions", "digest"),
}
FILES = {("people_file_parts", "data"), ("people_files", "columns")}
"""Uploaded files, which an erasure deletes whole."""
KEYS_KEPT = {"archived_event_keys"}
"""Tables that an erasure adds to."""


async def test_the_plan_names_every_table_and_column_once(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    found = [tuple(row) for row in await connection.fetch(_COLUMNS)]
    await connection.close()
    named = [(table, column) for table, each in PLAN.items() for column in each.columns]
    missing, unknown = set(found) - set(named), set(named) - set(found)
    assert (missing, unknown) == (set(), set()), "see domain/erasure/plan.py"
    assert len(named) == len(set(named))


async def test_what_the_plan_calls_sealed_is_sealed_and_nothing_else(
    database_url: str,
) -> None:
    connection = await asyncpg.connect(database_url)
    found = {tuple(row) for row in await connection.fetch(_BYTES)}
    await connection.close()
    sealed = {
        (name, column)
        for name, table in SEALED_TABLES.items()
        for column in table.columns
    }
    assert sealed == {(t, column) for t, each in PLAN.items() for column in each.sealed}
    assert found == sealed | DIGESTS_AND_KEYS | FILES
    assert all(PLAN[table].fate is Fate.DELETED for table, _ in FILES)


@pytest.mark.parametrize("table", PLAN)
def test_a_row_of_the_plan_fits_its_fate(table: str) -> None:
    each = PLAN[table]
    deleted, kept = each.fate is Fate.DELETED, each.fate is Fate.KEPT
    assert bool(each.kept) is not deleted
    assert bool(each.emptied) is not kept
    assert set(each.hidden) <= set(each.columns)


def test_every_table_that_changes_has_its_queries_and_no_other() -> None:
    assert {table for table, _ in STEPS} == {*CHANGED, *KEYS_KEPT}


@pytest.mark.parametrize(("table", "query"), STEPS, ids=[q for _, q in STEPS])
def test_a_query_of_an_erasure_changes_the_table_that_it_counts_for(
    table: str, query: str
) -> None:
    statement = getattr(queries(), query).sql
    verb = r"^\s*(delete from|update|insert into)\s+"
    found = re.search(verb + r"(\w+)", statement, re.MULTILINE)
    assert found and found[2] == table
    assert (found[1] == "delete from") <= (
        PLAN[table].fate is Fate.DELETED or query == "erase_unreleased_pulses"
    )


def test_an_export_reads_the_tables_that_the_plan_shows() -> None:
    read = re.findall(r"select '(\w+)'", queries().held_about.sql)
    assert sorted(read) == sorted(SHOWN)
