"""`binome match`."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.folder import Refused
from binome.printing import print_json, print_table, say
from binome.where import Where, find
from gateway.reason_texts import gain_text, reason_text
from schemas.ids import CohortRef
from schemas.matching import MatchRun, Pool, Reason

if TYPE_CHECKING:
    from activities.persistence.store import Store

PAIR = "MENTOR=MENTEE"
Pairs = list[str] | None


def command(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="Its code.")],
    region: Annotated[str, typer.Argument(metavar="REGION", help="Its code.")],
    wave: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="Wave of the region.")] = 1,
    pin: Annotated[Pairs, typer.Option(metavar=PAIR, help="Have these two matched; may be given again.")] = None,
    unpin: Annotated[Pairs, typer.Option(metavar=PAIR, help="Insist on these two no more.")] = None,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Show how those who wait would be matched now, and why. Nothing of it is kept but pins."""
    cohort = CohortRef(programme=code("PROGRAMME", programme), region=code("REGION", region), wave=wave)
    pool, run = asyncio.run(_preview(find(data), cohort, pin or [], unpin or []))
    if as_json:
        print_json(run)
    else:
        _show(cohort, pool, run)


async def _preview(where: Where, cohort: CohortRef, pin: list[str], unpin: list[str]) -> tuple[Pool, MatchRun]:
    from activities.matching.pins import PinsContradict
    from activities.matching.run import match_pool

    async with where.store() as store:
        status = await store.status(cohort.programme)
        regions = status.regions if status else ()
        known = [(region.region, region.wave) for region in regions if region.opened]
        if (cohort.region, cohort.wave) not in known:
            open_ones = ", ".join(f"{region} (wave {wave})" for region, wave in known) or "none"
            raise Refused(f"no such cohort is open; this programme's: {open_ones}")
        for pair in [await _pair(store, written) for written in pin]:
            await store.pin(cohort.programme, *pair)
        for pair in [await _pair(store, written) for written in unpin]:
            await store.unpin(cohort.programme, *pair)
        pool = await store.pool(cohort)
    try:
        return pool, match_pool(pool)
    except PinsContradict as error:
        raise Refused(f"{error} (binome match {cohort.programme} {cohort.region} --unpin {PAIR})") from None


async def _pair(store: "Store", written: str) -> tuple[str, str]:
    """Person ids of the two, who are written by the organisation's ids."""
    found = [await store.person_by_external(part.strip()) for part in written.split("=")]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise Refused(f"not two people who were imported; write {PAIR} with their ids in the people file")
    return found[0].person, found[1].person


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
    for gain in run.gains:
        say(gain_text(gain))
    for left in run.left:
        say(f"{names.get(left.person, left.person)} ({left.side}) has no match: {_reasons(left.reasons)}")


def _reasons(reasons: tuple[Reason, ...]) -> str:
    return "; ".join(reason_text(reason) for reason in reasons)
