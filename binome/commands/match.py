"""`binome match`."""

import asyncio
from typing import Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.folder import Refused
from binome.printing import print_json, print_table, say
from binome.where import Where, find
from gateway.reason_texts import reason_text
from schemas.ids import CohortRef
from schemas.matching import MatchRun, Pool, Reason


def command(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="Its code.")],
    region: Annotated[str, typer.Argument(metavar="REGION", help="Its code.")],
    wave: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="Wave of the region.")] = 1,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Show how those who wait would be matched now, and why. Nothing of it is kept."""
    cohort = CohortRef(programme=code("PROGRAMME", programme), region=code("REGION", region), wave=wave)
    pool, run = asyncio.run(_preview(find(data), cohort))
    if as_json:
        print_json(run)
    else:
        _show(cohort, pool, run)


async def _preview(where: Where, cohort: CohortRef) -> tuple[Pool, MatchRun]:
    from activities.matching.run import match_pool

    async with where.store() as store:
        status = await store.status(cohort.programme)
        regions = status.regions if status else ()
        known = [(region.region, region.wave) for region in regions if region.opened]
        if (cohort.region, cohort.wave) not in known:
            open_ones = ", ".join(f"{region} (wave {wave})" for region, wave in known) or "none"
            raise Refused(f"no such cohort is open; this programme's: {open_ones}")
        pool = await store.pool(cohort)
    return pool, match_pool(pool)


def _show(cohort: CohortRef, pool: Pool, run: MatchRun) -> None:
    names = {person.person: person.name for person in (*pool.mentors, *pool.mentees)}
    title = f"{cohort.programme}, {cohort.region}, wave {cohort.wave}: nothing of this was kept"
    rows = [
        (names.get(p.mentor), names.get(p.mentee), f"{100 * p.score:.0f}", _reasons(p.reasons))
        for p in sorted(run.proposals, key=lambda proposal: -proposal.score)
    ]
    if rows:
        print_table(title, ["mentor", "mentee", "score", "because"], rows)
    elif not run.left:
        say(f"{cohort.programme}, {cohort.region}, wave {cohort.wave}: nobody waits to be matched now")
    for left in run.left:
        say(f"{names.get(left.person, left.person)} ({left.side}) has no match: {_reasons(left.reasons)}")


def _reasons(reasons: tuple[Reason, ...]) -> str:
    return "; ".join(reason_text(reason) for reason in reasons)
