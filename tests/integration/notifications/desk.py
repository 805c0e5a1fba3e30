"""A desk that records notices of one pair and delivers what is due, over real parts."""

from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.executions.executions import TemporalExecutions
from activities.notifications.activities import DeliveryActivities
from activities.notifications.senders import RehearsalDiverter
from activities.notifications.slots import Slots
from activities.persistence.store import Store
from gateway.links import Links
from schemas.effects import PairRow, Record, RecordBatch
from schemas.ids import PairRef
from schemas.notices import Notice, Recipient, Template
from schemas.records.outbox import DeliveryReport
from schemas.stages import Stage
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.unit.notifications.fakes import WallClock

MORNING = datetime(2031, 1, 13, 9, 30, tzinfo=UTC)
"""A Monday after every `due` that PostgreSQL writes while the test runs."""
PEOPLE = """\
external_id,name,email,region,roles,function,site,locale,zone,manager,dotted_managers,supervisor,delegate,seats,languages,offers,wants,windows
E1,Léa Martin,lea@firm.example,comex,mentor,it,Lyon,fr,Europe/Paris,,,E3,,1,fr,data,,
E2,Noé Marchand,noe@firm.example,comex,mentee,board,Lyon,en,Europe/Paris,,,,E4,,en,,data,
E3,Ana Lopes,ana@firm.example,comex,supervisor,hr,Lyon,en,Europe/Paris,,,,,,en,,,
E4,Kim Roux,kim@firm.example,comex,delegate,office,Lyon,fr,Europe/Paris,,,,,,fr,,,
"""
LINKS = Links([b"k" * 32], "https://mentoring.example")
ASK_HELD = Notice(template=Template.ASK_HELD, to=Recipient.MENTOR, session=1)
PULSE = Notice(template=Template.PULSE_REQUEST, to=Recipient.MENTOR, session=1)
MENTOR, MENTEE = "lea@firm.example", "noe@firm.example"


class Desk:
    """Records notices of a pair and delivers what is due."""

    def __init__(
        self, url: str, store: Store, sender: RehearsalDiverter, client: Client
    ) -> None:
        self.url, self.store, self.client = url, store, client
        self.clock = WallClock(MORNING)
        self.revision = 0
        self.slow_seconds: float = LONGEST_WAIT_SECONDS
        """A mail that takes longer is left in hand when a run ends."""
        self._sender = sender
        self.activities = self.worker()

    def worker(
        self, run_seconds: float = 0.05, partitions: int = 1
    ) -> DeliveryActivities:
        """Activities as another worker has them, without a mail in hand."""
        return DeliveryActivities(
            self.store.outbox,
            self._sender,
            LINKS,
            TemporalExecutions(self.client),
            self.store.privacy_notices,
            now=self.clock,
            run_seconds=run_seconds,
            partitions=partitions,
            slots=Slots(slow_seconds=self.slow_seconds),
        )

    async def record(self, *notices: Notice) -> PairRef:
        mentor = await self.store.people.find_external("E1")
        mentee = await self.store.people.find_external("E2")
        assert mentor and mentee
        pair = PairRef(programme="demo", region="comex", mentor=mentor.person)
        self.revision += 1
        row = PairRow(stage=Stage.SESSIONS, mentee=mentee.person)
        record = Record(
            revision=self.revision,
            at=MORNING,
            event="answered",
            row=row,
            notices=notices,
        )
        await self.store.records.record(
            RecordBatch(pair=pair, records=(record,), state={"revision": self.revision})
        )
        return pair

    async def deliver(self) -> DeliveryReport:
        """One run of the activity; what is slow is in hand when it returns."""
        report = await ActivityEnvironment().run(
            self.activities.deliver_notices, "mail"
        )
        assert isinstance(report, DeliveryReport)
        return report

    async def deliver_all(self) -> None:
        """Until nothing is in hand."""
        await self.deliver()
        while self.activities.in_hand("mail"):
            await self.deliver()

    async def die(self) -> None:
        """The worker is killed, and another one starts after the end of its leases."""
        await self.activities.abandon()
        self.activities = self.worker()
        await self.sql("update outbox set leased_until = null where state = 'queued'")

    async def later(self, by: timedelta = timedelta(hours=1)) -> None:
        """Time passes, and what was postponed is due."""
        self.clock.now += by
        await self.sql("update outbox set due = now() where state = 'queued'")

    async def sql(self, statement: str) -> None:
        async with database(self.url) as opened:
            await opened.do(statement)
