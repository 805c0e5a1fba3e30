"""A small organisation and what its pairs record."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.persistence.store import Store
from domain.notices.awaiting_resume import awaits_resume
from domain.people.column_names import COLUMNS
from domain.programme.plan import plan_of
from schemas.cohort import CohortStart
from schemas.effects import LedgerLine, PairRow, Record, RecordBatch, SessionRow
from schemas.ids import CohortRef, PairRef
from schemas.matches.matching import MatchProposal
from schemas.notices import Notice, Recipient, Template
from schemas.people import Person
from schemas.programme import ProgrammeDocument, ProgrammePlan
from schemas.records.outbox import OutboxRow
from schemas.stages import SessionStatus, Stage

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
COMEX = CohortRef(programme="pilot", region="comex")


def line(external_id: str, region: str = "comex", roles: str = "", **cells: str) -> str:
    """A line of a people file."""
    given = {
        "external_id": external_id,
        "name": f"Name of {external_id}",
        "email": f"{external_id.lower()}@example.org",
        "region": region,
        "roles": roles,
        **cells,
    }
    return ",".join(f'"{given.get(column, "")}"' for column in COLUMNS)


async def one_part(data: bytes) -> AsyncIterator[bytes]:
    """A file as it is uploaded."""
    yield data


def file(*lines: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *lines, ""]).encode()


ORGANISATION = file(
    line("BOSS", roles="mentee", delegate="ASSISTANT"),
    line("CFO", roles="mentee", manager="BOSS"),
    line("ASSISTANT", roles="delegate", manager="BOSS"),
    line("OPS", roles="ops"),
    line("SPONSOR", roles="sponsor"),
    line("LEAD", "idf", manager="CFO"),
    line("COACH", "idf", roles="supervisor"),
    line(
        "ANNA",
        "idf",
        roles="mentor",
        manager="LEAD",
        supervisor="COACH",
        windows="mon 09:00-12:00",
    ),
    line(
        "BRUNO", "idf", roles="mentor", manager="LEAD", dotted_managers="CFO", seats="2"
    ),
)


def document(**changes: Any) -> ProgrammeDocument:
    raw = {
        "programme": "pilot",
        "starts_on": "2027-01-11",
        "training": {"modules": ["listening"]},
        "regions": [
            {"region": "comex", "mentors_from": ["idf"]},
            {"region": "idf", "after": "comex"},
        ],
    }
    return ProgrammeDocument.model_validate({**raw, **changes})


def plan(**changes: Any) -> ProgrammePlan:
    made, problems = plan_of(
        document(**changes), datetime.now(UTC) if "rehearsal" in changes else AT
    )
    assert made is not None, problems
    return made


def cohort_start(made: ProgrammePlan, region: int = 0, wave: int = 1) -> CohortStart:
    cohort = made.cohorts[region]
    ref = cohort.cohort.model_copy(update={"wave": wave})
    return CohortStart(
        plan=cohort.model_copy(update={"cohort": ref}), clock=made.clock, opens_at=AT
    )


class World:
    """People imported, a programme claimed, its first cohort open."""

    def __init__(self, store: Store, ids: dict[str, str], made: ProgrammePlan) -> None:
        self.store = store
        self.ids = ids
        self.plan = made

    @classmethod
    async def make(cls, store: Store, **changes: Any) -> "World":
        """`changes` to the programme document."""
        await store.imports.apply(ORGANISATION)
        ids = {p.external_id: p.person for p in await store.people.in_region(None, 100)}
        world = cls(store, ids, plan(**changes))
        await store.programmes.claim(document(**changes), world.plan, "programme:pilot")
        await store.cohorts.open(cohort_start(world.plan))
        return world

    def pair(self, mentor: str = "ANNA", seat: int = 1) -> PairRef:
        return PairRef(
            programme="pilot", region="comex", mentor=self.ids[mentor], seat=seat
        )

    def named(self, people: Iterable[Person]) -> set[str]:
        """By the organisation's ids."""
        names = {person: name for name, person in self.ids.items()}
        return {names[one.person] for one in people}

    def proposal(
        self, mentor: str, mentee: str, seat: int = 1, score: float = 0.5
    ) -> MatchProposal:
        pair = self.pair(mentor, seat).workflow_id
        return MatchProposal(
            pair=pair, mentor=self.ids[mentor], mentee=self.ids[mentee], score=score
        )

    async def record(
        self, *records: Record, mentor: str = "ANNA", seat: int = 1, state: Any = None
    ) -> Any:
        kept = {"now": str(AT), **(state or {})}
        return await self.store.records.record(
            RecordBatch(pair=self.pair(mentor, seat), records=records, state=kept)
        )

    async def ready(self, mentor: str = "ANNA", seat: int = 1) -> None:
        """The mentor waits for a match."""
        await self.record(record(1, stage=Stage.MATCHING), mentor=mentor, seat=seat)

    async def held(self, person: str, *numbers: int) -> PairRef:
        """A pair of that person, who had these sessions with the first mentee."""
        pair = self.pair().model_copy(update={"mentor": person})
        done = record(
            1,
            stage=Stage.SESSIONS,
            sessions=[(number, 1, "held") for number in numbers],
        )
        await self.store.records.record(
            RecordBatch(pair=pair, records=(done,), state={"now": str(AT)})
        )
        return pair

    async def lease_ready(self) -> list[OutboxRow]:
        """Lease what is due and set aside what awaits a resume, as delivery does; the rest."""
        due = await self.store.outbox.lease_due("mail", 100, 60)
        waiting = [row.id for row in due if awaits_resume(row)]
        await self.store.outbox.mark_awaiting_resume(waiting)
        return [row for row in due if row.id not in waiting]

    async def matched(
        self, mentor: str = "ANNA", mentee: str = "BOSS", seat: int = 1
    ) -> None:
        """The two have sessions."""
        who = self.ids[mentee]
        await self.record(
            record(1, stage=Stage.SESSIONS, mentee=who, sessions=[(1, 1, "agreed")]),
            mentor=mentor,
            seat=seat,
        )


def record(
    revision: int,
    *,
    event: str = "started",
    notices: tuple[Notice, ...] = (),
    sessions: list[tuple[int, int, str]] | None = None,
    refusal: str | None = None,
    what: str = "changed",
    **row: Any,
) -> Record:
    mentee = row.get("mentee")
    return Record(
        revision=revision,
        at=AT + timedelta(hours=revision),
        event=event,
        row=PairRow(**{"stage": Stage.TRAINING, **row}),
        lines=(LedgerLine(what=what),),
        notices=notices,
        sessions=tuple(
            session(number, attempt, SessionStatus(status), mentee)
            for number, attempt, status in sessions or []
        ),
        refusal=refusal,
    )


def session(
    number: int, attempt: int, status: SessionStatus, mentee: str | None
) -> SessionRow:
    start = AT + timedelta(weeks=number)
    return SessionRow(
        number=number,
        attempt=attempt,
        status=status,
        sequence=0,
        start=start,
        minutes=60,
        mentee=mentee,
    )


def notice(to: Recipient, template: Template = Template.READY) -> Notice:
    return Notice(template=template, to=to)
