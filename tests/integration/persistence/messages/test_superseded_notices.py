"""A pause or review that is over before anybody read of it is not sent, nor is anything else lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.notices.delivery_decision import useful_until_of
from domain.notices.supersession import is_superseded
from domain.pair.advance import begin
from schemas.effects import QueueNotices, RecordBatch
from schemas.events import Started
from schemas.ids import CohortRef
from schemas.notices import Notice, Recipient, Template
from schemas.pair_updates import EndPair, PausePair, ResumePair
from schemas.records.outbox import OutboxRow
from schemas.stages import Stage
from tests.support.lives import A_START, Life
from tests.support.world import AT, COMEX, World, notice, record

P, R = Template.PAIR_PAUSED, Template.PAIR_RESUMED
INVITED = Template.MENTOR_INVITATION
LONG = timedelta(days=90)


async def queue(
    world: World, *templates: Template, since: int = 1, seat: int = 1, to: Recipient
) -> None:
    """One transition of the pair of that seat asks for each."""
    mentee = world.ids["BOSS" if seat == 1 else "CFO"]
    records = [
        record(
            revision,
            stage=Stage.SESSIONS,
            mentee=mentee,
            notices=(notice(to, template),),
        )
        for revision, template in enumerate(templates, since)
    ]
    await world.record(*records, mentor="BRUNO", seat=seat)


async def put_into_mails(world: World, rows: Sequence[OutboxRow]) -> None:
    await world.store.outbox.begin_sending({row.id: f"<{row.id}>" for row in rows})


async def send_mails(world: World) -> list[OutboxRow]:
    """Send what is of use and drop the rest, so that nothing is left; what was sent."""
    due = await world.lease_ready()
    sent = [row for row in due if not is_superseded(row)]
    await put_into_mails(world, sent)
    await world.store.outbox.mark_sent([row.id for row in sent])
    dropped = [row.id for row in due if is_superseded(row)]
    await world.store.outbox.mark_dropped(dropped, "superseded")
    assert "queued" not in await world.store.outbox.counts()
    return sent


def templates(rows: Sequence[OutboxRow]) -> list[Template]:
    return [row.notice.template for row in rows]


@pytest.mark.parametrize(
    ("before", "meanwhile", "sent"),
    [
        ([], [P, R], []),
        ([], [P, R, P], [P]),
        ([], [P, R, P, R], []),
        ([], [R], [R]),  # who came in the middle of a pause
        ([P], [R], [R]),
        ([P], [R, P], []),
        ([P], [R, P, R], [R]),
        ([P, R], [P], [P]),
        ([P, R], [P, R], []),
    ],
)
@pytest.mark.parametrize("to", [Recipient.MENTOR, Recipient.MENTEE])
async def test_of_pauses_only_what_somebody_does_not_know_is_sent(
    world: World,
    to: Recipient,
    before: list[Template],
    meanwhile: list[Template],
    sent: list[Template],
) -> None:
    for revision, template in enumerate(before, 1):
        await queue(world, template, since=revision, to=to)
        await send_mails(world)
    await queue(world, *meanwhile, since=1 + len(before), to=to)
    assert templates(await send_mails(world)) == sent


async def test_a_pause_of_another_pair_or_person_is_another_matter(
    world: World,
) -> None:
    await queue(world, P, R, to=Recipient.MENTOR)
    await queue(world, P, seat=2, to=Recipient.MENTOR)
    await queue(world, P, since=3, to=Recipient.MENTEE)
    assert templates(await send_mails(world)) == [P, P]


async def test_a_pause_in_a_mail_on_its_way_is_repeated_and_its_end_is_sent(
    world: World,
) -> None:
    await queue(world, P, to=Recipient.MENTOR)
    leased = await world.store.outbox.lease_due("mail", 100, 60)
    await put_into_mails(world, leased)
    await world.store.outbox.renew_leases([row.id for row in leased], 0)
    await queue(world, R, since=2, to=Recipient.MENTOR)
    assert templates(await send_mails(world)) == [P, R]


@pytest.mark.parametrize(("first", "then"), [(P, R), (R, P)])
async def test_a_pause_in_a_mail_is_dropped_once_a_newer_notice_was_sent(
    world: World, first: Template, then: Template
) -> None:
    await queue(world, first, to=Recipient.MENTOR)
    (late,) = await world.store.outbox.lease_due("mail", 100, 60)
    await put_into_mails(world, [late])
    await world.store.outbox.postpone(
        {late.id: datetime.now(UTC) + LONG}, count_attempt=True
    )
    await queue(world, then, since=2, to=Recipient.MENTOR)
    (row,) = await world.store.outbox.lease_due("mail", 100, 60)
    await world.store.outbox.mark_sent([row.id])
    await world.store.outbox.postpone({late.id: late.due}, count_attempt=False)
    assert (
        is_superseded(row),
        [
            is_superseded(again)
            for again in await world.store.outbox.lease_due("mail", 100, 60)
        ],
    ) == (False, [True])


async def ask_for_review(world: World, run: int, cohort: CohortRef = COMEX) -> None:
    asked = Notice(template=Template.MATCHES_TO_REVIEW, to=Recipient.OPS)
    about = {
        "scope": cohort.workflow_id,
        "programme": cohort.programme,
        "region": cohort.region,
    }
    await world.store.records.queue(
        QueueNotices(revision=run, at=AT, notices=(asked,), **about)
    )


async def test_of_several_runs_the_newest_is_to_be_reviewed(world: World) -> None:
    for run in (8, 9, 10):
        await ask_for_review(world, run)
    await ask_for_review(world, 7, CohortRef(programme="pilot", region="idf"))
    due = await world.store.outbox.lease_due("mail", 100, 60)
    assert sorted(row.id.split(":")[4] for row in due if not is_superseded(row)) == [
        "10",
        "7",
    ]


class Starting:
    """A pair that lives, and is written down as it goes."""

    def __init__(self, world: World) -> None:
        start = A_START.model_copy(
            update={"pair": world.pair(), "clock": world.plan.clock}
        )
        self.world, self.life, self.done = world, Life(begin(start)), 0

    async def on(self, event: Started | PausePair | ResumePair | EndPair) -> bool:
        """Whether it stands still, by what is in force."""
        state = self.life.on(event).state
        new = tuple(each for each in state.outbox if each.revision > self.done)
        self.done = state.revision
        batch = RecordBatch(
            pair=state.pair, records=new, state=state.model_dump(mode="json")
        )
        return (await self.world.store.records.record(batch)).paused

    async def pause_of(self, scope: str, *, paused: bool) -> None:
        await self.world.store.pauses.set(scope, paused=paused)
        await self.on(
            PausePair(scope="directive") if paused else ResumePair(scope="directive")
        )


@pytest.fixture
def starting(world: World) -> Starting:
    return Starting(world)


def scopes(world: World) -> list[str]:
    return [
        "programme:pilot",
        "region:pilot:comex",
        "cohort:pilot:comex:1",
        f"person:{world.ids['ANNA']}",
    ]


@pytest.mark.parametrize("which", range(4))
async def test_a_pair_that_starts_in_a_pause_invites_after_it_however_long_it_was(
    world: World, starting: Starting, which: int
) -> None:
    scope = scopes(world)[which]
    await world.store.pauses.set(scope, paused=True)
    assert await starting.on(Started())
    assert await world.lease_ready() == []
    await starting.pause_of(scope, paused=True)
    leased = await world.lease_ready()
    assert [is_superseded(row) for row in leased] == [True]
    starting.life.wait(LONG)
    await starting.pause_of(scope, paused=False)
    await world.store.outbox.renew_leases([row.id for row in leased], 0)
    (sent,) = await send_mails(world)
    assert (sent.notice.template, useful_until_of(sent)) == (INVITED, None)


async def test_nobody_waits_for_what_a_pause_holds(
    world: World, starting: Starting
) -> None:
    await world.store.pauses.set("programme:pilot", paused=True)
    await starting.on(Started())
    assert await world.lease_ready() == []
    assert await world.store.outbox.seconds_until_due("mail") is None


async def test_the_end_of_a_directive_releases_what_its_pair_never_recorded(
    world: World, starting: Starting
) -> None:
    await starting.on(Started())
    await world.store.pauses.set("region:pilot:comex", paused=True)
    assert await world.lease_ready() == []
    await world.store.pauses.set("region:pilot:comex", paused=False)
    assert templates(await send_mails(world)) == [INVITED]


async def test_the_end_of_a_directive_elsewhere_releases_nothing(
    world: World, starting: Starting
) -> None:
    await starting.on(Started())
    for scope in ("region:pilot:comex", "region:pilot:idf"):
        await world.store.pauses.set(scope, paused=True)
    assert await world.lease_ready() == []
    await world.store.pauses.set("region:pilot:idf", paused=False)
    assert await world.store.outbox.lease_due("mail", 100, 60) == []


async def test_an_invitation_that_has_not_gone_out_waits_out_a_pause_too(
    world: World, starting: Starting
) -> None:
    await starting.on(Started())
    await starting.on(PausePair(reason="asked"))
    assert [row.notice.template for row in await world.lease_ready()] == [P]


@pytest.mark.parametrize(
    "scope",
    ["programme:other", "region:pilot:idf", "cohort:pilot:comex:2", "person:nobody"],
)
async def test_a_pause_elsewhere_holds_no_invitation(
    world: World, starting: Starting, scope: str
) -> None:
    await world.store.pauses.set(scope, paused=True)
    await starting.on(Started())
    assert templates(await send_mails(world)) == [INVITED]


async def test_a_pair_that_ends_in_the_pause_it_started_in_invites_nobody(
    world: World, starting: Starting
) -> None:
    await world.store.pauses.set("programme:pilot", paused=True)
    await starting.on(Started())
    await starting.on(EndPair(reason="asked"))
    assert templates(await send_mails(world)) == [Template.PAIR_ENDED]


async def test_an_invitation_is_of_use_no_longer_than_before_once_its_pair_has_trained(
    world: World, starting: Starting
) -> None:
    await starting.on(Started())
    await world.record(record(2, stage=Stage.MATCHING))
    (row,) = await world.lease_ready()
    assert useful_until_of(row) is not None
