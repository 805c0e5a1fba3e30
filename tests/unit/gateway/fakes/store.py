"""A store without PostgreSQL."""

from activities.persistence.store import Store
from schemas.ids import PairRef
from schemas.stages import Stage
from tests.unit.gateway.fakes.accounts import FakeAccounts, FakeSignIns, FakeTrail
from tests.unit.gateway.fakes.messages import (
    FakeAnswers,
    FakeInbox,
    FakeOutbox,
    FakeRefusedMessages,
    FakeReleases,
    FakeSources,
)
from tests.unit.gateway.fakes.people import FakeImports, FakePeople, FakePeopleUpdates
from tests.unit.gateway.fakes.people_files import FakePeopleFiles
from tests.unit.gateway.fakes.privacy import FakePrivacyNotices
from tests.unit.gateway.fakes.programmes import (
    FakeAgendas,
    FakeDrift,
    FakeInstallation,
    FakePairs,
    FakePauses,
    FakeProgrammes,
    FakeReviews,
    FakeStatuses,
)


class FakeStore(Store):
    """A Store without PostgreSQL: the repositories that the gateway uses."""

    def __init__(self) -> None:
        self.people: FakePeople = FakePeople()
        self.imports: FakeImports = FakeImports()
        self.people_files: FakePeopleFiles = FakePeopleFiles(self.imports)
        self.people_updates: FakePeopleUpdates = FakePeopleUpdates()
        self.status: FakeStatuses = FakeStatuses()
        self.programmes: FakeProgrammes = FakeProgrammes(self.status)
        self.pairs: FakePairs = FakePairs()
        self.agendas: FakeAgendas = FakeAgendas()
        self.pauses: FakePauses = FakePauses()
        self.reviews: FakeReviews = FakeReviews()
        self.sources: FakeSources = FakeSources()
        self.inbox: FakeInbox = FakeInbox(self.pairs)
        self.outbox: FakeOutbox = FakeOutbox()
        self.answers: FakeAnswers = FakeAnswers()
        self.releases: FakeReleases = FakeReleases()
        self.refused_messages: FakeRefusedMessages = FakeRefusedMessages()
        self.drift: FakeDrift = FakeDrift()
        self.installation: FakeInstallation = FakeInstallation()
        self.accounts: FakeAccounts = FakeAccounts()
        self.sign_ins: FakeSignIns = FakeSignIns(self.accounts)
        self.access_trail: FakeTrail = FakeTrail()
        self.privacy_notices: FakePrivacyNotices = FakePrivacyNotices()
        self.down = False

    def connections(self) -> dict[str, int]:
        return {"in_use": 1, "idle": 2}

    async def ping(self) -> None:
        if self.down:
            raise ConnectionError

    def close_pair(self, pair: PairRef) -> None:
        detail = self.pairs.details[pair.workflow_id]
        self.pairs.details[pair.workflow_id] = detail.model_copy(
            update={"stage": Stage.CLOSED}
        )
