"""Everything that PostgreSQL keeps, by subject. Only this package speaks SQL."""

from collections.abc import Sequence
from typing import Self

from activities.persistence.accounts.accounts import Accounts
from activities.persistence.accounts.sign_ins import SignIns
from activities.persistence.accounts.trail import AccessTrail
from activities.persistence.archive import Archive
from activities.persistence.counters import Counters
from activities.persistence.database import Database
from activities.persistence.drift import DriftRepository
from activities.persistence.erasure import Erasures
from activities.persistence.executions import ExecutionRecords
from activities.persistence.installation import Installation
from activities.persistence.listening import Listener
from activities.persistence.matching.guard import Guard
from activities.persistence.matching.matches import Matches
from activities.persistence.matching.pools import Pools
from activities.persistence.matching.reviews import MatchReviews
from activities.persistence.messages.answers import PulsesAndOffers
from activities.persistence.messages.inbox import Inbox
from activities.persistence.messages.outbox import Outbox
from activities.persistence.messages.refused import RefusedMessageRepository
from activities.persistence.messages.sources import Sources
from activities.persistence.payload_keys import PayloadKeys
from activities.persistence.people.files import PeopleFiles
from activities.persistence.people.imports import PeopleImports
from activities.persistence.people.people import People
from activities.persistence.people.updates import PeopleUpdates
from activities.persistence.privacy import PrivacyNotices
from activities.persistence.programmes.agendas import Agendas
from activities.persistence.programmes.cohorts import Cohorts
from activities.persistence.programmes.pairs import Pairs
from activities.persistence.programmes.pauses import Pauses
from activities.persistence.programmes.programmes import Programmes
from activities.persistence.programmes.releases import Releases
from activities.persistence.programmes.status import ProgrammeStatuses
from activities.persistence.records import Records
from activities.persistence.sealing.data_keys import DataKeys
from activities.persistence.sealing.wrapping_keys import WrappingKey


class Store:
    """One pool, a repository a subject: `async with await Store.open(url) as store`.

    Any method of a repository raises DatabaseUnavailable when PostgreSQL does not answer.
    """

    def __init__(
        self, database: Database, listener: Listener, keys: Sequence[bytes] = ()
    ) -> None:
        """`listener` is that of the outbox; `keys` protect what is sealed."""
        self._database = database
        self._outbox_listener = listener
        self.data_keys = DataKeys(database, [*map(WrappingKey.of, keys)])
        self.people = People(database)
        self.imports = PeopleImports(database)
        self.people_files = PeopleFiles(database, self.imports)
        self.people_updates = PeopleUpdates(database)
        self.programmes = Programmes(database)
        self.cohorts = Cohorts(database)
        self.pairs = Pairs(database)
        self.records = Records(database)
        self.agendas = Agendas(database)
        self.pauses = Pauses(database)
        self.releases = Releases(database, self.data_keys)
        self.status = ProgrammeStatuses(database)
        self.pools = Pools(database)
        self.matches = Matches(database)
        self.reviews = MatchReviews(database)
        self.guard = Guard(database)
        self.sources = Sources(database)
        self.inbox = Inbox(database)
        self.outbox = Outbox(database, listener)
        self.answers = PulsesAndOffers(database, self.data_keys)
        self.refused_messages = RefusedMessageRepository(database)
        self.executions = ExecutionRecords(database)
        self.drift = DriftRepository(database)
        self.installation = Installation(database)
        self.counters = Counters(database)
        self.archive = Archive(database)
        self.accounts = Accounts(database)
        self.sign_ins = SignIns(database)
        self.access_trail = AccessTrail(database)
        self.erasures = Erasures(database, self.data_keys)
        self.payload_keys = PayloadKeys(database)
        self.privacy_notices = PrivacyNotices(database)

    @classmethod
    async def open(
        cls, url: str, size: int = 10, wrapping_keys: Sequence[bytes] = ()
    ) -> Self:
        """Connect, with at most `size` connections, and one that listens to the outbox.

        The first of the keys protects what is sealed, all of them open it. Without any,
        nothing that is sealed can be read, and nothing sealed.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        database = await Database.open(url, size)
        return cls(database, Listener(url, "binome_outbox"), wrapping_keys)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._outbox_listener.close()
        await self._database.close()

    def connections(self) -> dict[str, int]:
        """Returns how many connections are in use, and how many idle."""
        return self._database.connections()

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when PostgreSQL does not answer."""
        await self._database.ping()
