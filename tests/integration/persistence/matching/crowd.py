"""A cohort whose pairs all have sessions, and changes of people that bring some too close."""

from collections.abc import Iterable

from activities.persistence.store import Store
from domain.matching.reporting_line_guard import too_close
from schemas.effects import RecordBatch
from schemas.guard import GuardResult
from schemas.ids import PairRef
from schemas.matches.matching import MatchProposal
from schemas.records.inbox import NewEvent
from schemas.stages import Awaited, Stage
from tests.support.world import (
    AT,
    COMEX,
    cohort_start,
    document,
    file,
    line,
    plan,
    record,
)

SIZE = 8


def people(close: Iterable[int] = (), middle: str = "") -> bytes:
    """Mentors, of whom those with these numbers report to their mentees, or to somebody in the middle."""
    mentees = [line(f"MENTEE{n}", roles="mentee") for n in range(SIZE)]
    mid = [line("MIDDLE", "idf", manager=middle)]
    above = {n: "MIDDLE" if middle else f"MENTEE{n}" for n in close}
    return file(
        *mentees,
        *mid,
        *(
            line(f"M{n}", "idf", roles="mentor", manager=above.get(n, ""))
            for n in range(SIZE)
        ),
    )


class Crowd:
    """A cohort whose pairs all have sessions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ids: dict[str, str] = {}

    async def open(self) -> None:
        await self.store.imports.apply(people())
        self.ids = {
            p.external_id: p.person
            for p in await self.store.people.in_region(None, 100)
        }
        await self.store.programmes.claim(document(), plan(), "programme:pilot")
        await self.store.cohorts.open(cohort_start(plan()))

    def pair(self, n: int) -> PairRef:
        return PairRef(
            programme="pilot", region="comex", mentor=self.ids[f"M{n}"], seat=1
        )

    async def put_pair(
        self,
        n: int,
        revision: int = 1,
        stage: Stage = Stage.SESSIONS,
        mentee: bool = True,
        frozen: bool = False,
    ) -> None:
        who = self.ids[f"MENTEE{n}"] if mentee else None
        written = record(revision, stage=stage, mentee=who)
        state = {
            "now": str(AT),
            "deadlines": {Awaited.DECISION_DUE: str(AT)} if frozen else {},
        }
        await self.store.records.record(
            RecordBatch(pair=self.pair(n), records=(written,), state=state)
        )

    async def leaves(self, who: str) -> None:
        left = {
            "kind": "person_left",
            "type": "binome.person_left.v1",
            "person": self.ids[who],
        }
        await self.store.inbox.store(
            [NewEvent(key=f"e-{who}", source="hr", event_id=who, **left)]
        )

    def proposal(self, n: int) -> MatchProposal:
        pair, mentor, mentee = (
            self.pair(n).workflow_id,
            self.ids[f"M{n}"],
            self.ids[f"MENTEE{n}"],
        )
        return MatchProposal(pair=pair, mentor=mentor, mentee=mentee, score=0.5)

    async def look(self, *close: int, middle: str = "") -> GuardResult:
        """After this change of people."""
        return await self.look_after(people(close, middle))

    async def look_after(self, changes: bytes) -> GuardResult:
        await self.store.imports.apply(changes)
        return await self.look_now()

    async def look_now(self) -> GuardResult:
        seen = await self.store.guard.snapshot(COMEX)
        return await self.store.guard.save(COMEX, seen, too_close(seen, lambda: None))

    async def signal(self) -> list[tuple[int, str]]:
        """Signal what is due; returns the numbers of the pairs with their signals."""
        found = await self.store.guard.unsignalled(COMEX, 100)
        await self.store.guard.mark_signalled(found)
        return sorted(
            (n, f.status)
            for f in found
            for n in range(SIZE)
            if self.pair(n).workflow_id == f.pair
        )
