"""What people who left, and those who stand in for them, are sent and may do."""

from datetime import UTC, datetime

from activities.notifications.delivery import NoticeDelivery
from activities.notifications.letters import LetterWriter
from activities.notifications.privacy import MailPrivacyNotices
from activities.notifications.slots import Slots
from schemas.links import Question
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import token
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.unit.notifications.fakes import FakeSender, SentSignals


async def leave(site: Site, *who: str) -> None:
    """The HR system says that they left."""
    for person in who:
        answer = await site.send("person_left", person)
        assert answer.status_code == 202, answer.text


async def mailed(site: Site) -> list[str]:
    """Addresses to which everything that is due goes, at an hour at which mails go out."""
    sender = FakeSender()
    await deliver(site, sender)
    return sorted(mail.recipient for mail in sender.mails)


async def deliver(site: Site, sender: FakeSender) -> None:
    """As the worker does it, with real letters."""
    delivery = NoticeDelivery(
        site.world.store.outbox,
        LetterWriter(site.gateway.links, sender.domain),
        sender,
        SentSignals(),
        MailPrivacyNotices(site.world.store.privacy_notices, utc_now),
        lambda: working_hour(site),
        Slots(),
    )
    while await delivery.deliver_due("mail"):
        await delivery.in_hand.until_at_most(0, LONGEST_WAIT_SECONDS)


def utc_now() -> datetime:
    return datetime.now(UTC)


def working_hour(site: Site) -> datetime:
    """Now, or in the evening and at a weekend when mails have gone out next, each person's
    at their place after the opening.
    """
    plan = site.world.plan
    calendar, now = plan.cohorts[0].calendar, plan.clock.programme(utc_now())
    opens = calendar.next_open(now)
    return plan.clock.wall(opens + calendar.spread if opens > now else now)


def path(site: Site, question: Question, role: str, who: str, **about: object) -> str:
    return f"/q/{token(site, question, role, who, **about)}"
