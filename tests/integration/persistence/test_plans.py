"""No query reads a table from end to end that grows with pairs, events or years, but for a reason."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, get_args

import asyncpg
import pytest

from activities.persistence import query_names
from activities.persistence.queries import queries
from activities.persistence.store import Store
from binome.stack.postgres import Cluster
from tests.support.databases import copy_of
from tests.support.generated.pairs import generate

PAIRS = 10_000
LINES = 10
"""Lines of the ledger, notices and transitions of each pair: 100,000 of each."""
GROWS = frozenset(
    [
        "pairs",
        "people",
        "outbox",
        "ledger",
        "sessions",
        "transitions",
        "events",
        "pulses",
        "enrolled_mentees",
        "reporting_lines",
        "closing_answers",
        "people_changes",
        "completed_modules",
        "people_field_times",
        "matches",
        "access_log",
        "decisions",
        "data_keys",
        "refused_messages",
        "drift",
    ]
)
IMPORT = "a whole file or organisation is compared"
COHORT = "a whole cohort is read or enrolled: no page, and others wait for nothing"
RECOUNT = "the reconciler counts anew"
RETENTION = "once a day, in small transactions"
ONE_PERSON = "an export or an erasure of one person: seldom, and an index for it would be the largest of its table"
KEYS = "an operator's command"
WITH_A_REASON: Mapping[str, str] = {
    "known_people": IMPORT,
    "known_above": IMPORT,
    "correct_event_counts": RECOUNT,
    "correct_notice_counts": RECOUNT,
    "correct_pair_counts": RECOUNT,
    "correct_people_counts": RECOUNT,
    "free_people": COHORT,
    "guard_pairs": COHORT,
    "planned_people": COHORT,
    "pool_mentees": COHORT,
    "pool_lines": COHORT,
    "pool_people": COHORT,
    "run_now": COHORT,
    "enrol_mentees": COHORT,
    "enrol_mentors": COHORT,
    "unreleased_scores": COHORT,
    "people_waiting": COHORT,
    "archive_events": RETENTION,
    "archive_late_ledger": RETENTION,
    "archive_late_notices": RETENTION,
    "archive_pairs": RETENTION,
    "open_archive_months": RETENTION,
    "leavers_to_erase": RETENTION,
    "empty_old_pulses": RETENTION,
    "forget_access": RETENTION,
    "forget_decisions": RETENTION,
    "data_key_counts": KEYS,
    "data_keys_to_rewrap": KEYS,
    "held_about": ONE_PERSON,
    "keep_erased_event_keys": ONE_PERSON,
    "refused_messages": "messages that no workflow could read are few",
    "pairs_in_scope": "PostgreSQL plans it for the scope that is asked for",
}
PLAN_OF = """
create function pg_temp.plan_of(query text) returns json language plpgsql as $$
declare
    plan json;
begin
    execute 'explain (generic_plan, format json) ' || query into plan;
    return plan;
end $$
"""
NEEDS_AN_IMPORT = ("incoming", "differences")
"""Tables that an import makes for itself."""


@pytest.fixture(scope="module")
async def crowded(
    postgres: Cluster, template_database: str
) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database in which many pairs have lived for long."""
    async with copy_of(template_database, postgres) as url:
        store = await Store.open(url)
        await generate(store, url, PAIRS, LINES)
        await store.close()
        connection = await asyncpg.connect(url)
        await connection.execute(PLAN_OF)
        yield connection
        await connection.close()


def names() -> Iterator[str]:
    for kind in ("RowsQuery", "RowQuery", "ValueQuery", "CommandQuery"):
        yield from get_args(getattr(query_names, kind))


def read_whole(plan: Mapping[str, Any]) -> set[str]:
    """Tables that a plan reads from end to end."""
    found = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return found.union(*map(read_whole, plan.get("Plans", ())))


def indexes_read(plan: Mapping[str, Any]) -> set[str]:
    found = {plan["Index Name"]} if "Index Name" in plan else set()
    return found.union(*map(indexes_read, plan.get("Plans", ())))


async def plan_of(connection: asyncpg.Connection, name: str) -> Mapping[str, Any]:
    """The plan whatever the values are; empty: none is made for such a statement."""
    query = getattr(queries(), name).sql
    try:
        found = await connection.fetchval("select pg_temp.plan_of($1)", query)
    except asyncpg.PostgresSyntaxError:  # analyze, lock and the like
        return {}
    except asyncpg.UndefinedTableError as error:
        assert str(error).split('"')[1] in NEEDS_AN_IMPORT
        return {}
    return dict(json.loads(found)[0]["Plan"])


async def test_only_named_queries_read_a_table_that_grows_from_end_to_end(
    crowded: asyncpg.Connection,
) -> None:
    found = {}
    for name in names():
        plan = await plan_of(crowded, name)
        if plan and (tables := read_whole(plan) & GROWS):
            found[name] = tables
    unexplained = {
        name: tables
        for name, tables in found.items()
        if name not in WITH_A_REASON and not name.startswith("erase_")
    }
    assert unexplained == {}


async def test_what_a_pause_holds_is_in_no_index_of_what_is_due(
    crowded: asyncpg.Connection,
) -> None:
    plan = await plan_of(crowded, "lease_due")
    assert "outbox_due" in indexes_read(plan)
    holds = await crowded.fetchval(
        "select pg_get_expr(indpred, indrelid) from pg_index where indexrelid = 'outbox_due'::regclass"
    )
    assert "NOT awaits_resume" in holds
