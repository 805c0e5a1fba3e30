"""One programme with very many pairs, written into PostgreSQL by itself."""

import json
from pathlib import Path
from typing import Any

from activities.persistence.store import Store
from domain.programme.plan import plan_of
from schemas.cohort import CohortStart
from schemas.programme import ProgrammeDocument, ProgrammePlan
from schemas.rollout import ProgrammeState, RegionState
from tests.support.rehearsal.own_sql import database
from tests.support.world import AT
from tests.unit.gateway.factories import proposed
from workflows.pairs.pair_restoring import snapshot

REGIONS = 20
SQL = Path(__file__).with_name("pairs.sql")
LINES = 25
"""Lines of the ledger of a pair of six sessions; a fifth less notices."""


def document() -> ProgrammeDocument:
    regions = [{"region": f"r{number:02}"} for number in range(REGIONS)]
    raw: dict[str, Any] = {
        "programme": "bench",
        "starts_on": "2027-01-11",
        "regions": regions,
    }
    return ProgrammeDocument.model_validate(raw)


async def generate(store: Store, url: str, pairs: int, lines: int = LINES) -> None:
    """Fill the store's database. `lines`: how much happened to each pair."""
    made, problems = plan_of(document(), AT)
    assert made is not None, problems
    await store.programmes.claim(document(), made, "programme:bench")
    for cohort in made.cohorts:
        await store.cohorts.open(
            CohortStart(plan=cohort, clock=made.clock, opens_at=AT)
        )
    await store.programmes.save_state(_state(made))
    settings = {"pairs": pairs, "lines": lines, "state": json.dumps(_pair_state())}
    async with database(url) as connection:
        for name, value in settings.items():
            await connection.value(
                "select set_config($1, $2, false)", f"bench.{name}", str(value)
            )
        await connection.do(SQL.read_text("utf-8"))
        await connection.do("vacuum analyze")


def _state(plan: ProgrammePlan) -> ProgrammeState:
    regions = tuple(RegionState(plan=each, status="open") for each in plan.cohorts)
    return ProgrammeState(plan=plan, now=AT, revision=1, regions=regions)


def _pair_state() -> dict[str, Any]:
    """What a pair in the midst of its sessions keeps."""
    return snapshot(proposed().state)
