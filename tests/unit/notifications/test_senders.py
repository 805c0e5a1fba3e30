"""Which server a mail leaves through."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from activities.notifications.interfaces import Begin, MailRefused, OutgoingMail
from activities.notifications.senders import RehearsalDiverter
from tests.support.notices import later
from tests.unit.notifications.fakes import begin_nothing
from workers.mail import sender_for
from workers.settings import Settings

LIVE = OutgoingMail("rh@firm.example", "a@firm.example", False, b"")
REHEARSED = OutgoingMail("rh@firm.example", "a@firm.example", True, b"")


@dataclass
class KeepingSender:
    """A sender that keeps what it is given."""

    domain: str = "firm.example"
    mails: list[OutgoingMail] = field(default_factory=list)
    unavailable: datetime | None = None

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        self.mails.append(mail)

    def connections(self) -> dict[str, int]:
        return {}

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        return self.unavailable


async def test_a_rehearsal_goes_to_the_catcher_and_real_mail_does_not() -> None:
    live, catcher = KeepingSender(), KeepingSender()
    sender = RehearsalDiverter(live, catcher)
    await sender.send(LIVE, begin_nothing)
    await sender.send(REHEARSED, begin_nothing)
    assert (live.mails, catcher.mails) == ([LIVE], [REHEARSED])


async def test_a_rehearsal_without_a_catcher_reaches_nobody() -> None:
    live = KeepingSender()
    with pytest.raises(MailRefused) as refused:
        await RehearsalDiverter(live, None).send(REHEARSED, begin_nothing)
    assert refused.value.reason == "no_catcher"
    assert live.mails == []


def test_an_unavailable_catcher_does_not_hold_up_real_mail() -> None:
    gone = later(60)
    sender = RehearsalDiverter(KeepingSender(), KeepingSender(unavailable=gone))
    assert sender.unavailable_until(rehearsal=False) is None
    assert sender.unavailable_until(rehearsal=True) == gone


def settings(**changes: Any) -> Settings:
    known = {
        "database_url": "postgresql://localhost/x",
        "secret": "x" * 32,
        "mail_from": "rh@firm.example",
    }
    return Settings(**{**known, **changes})


def test_mails_come_from_the_domain_of_the_settings() -> None:
    assert sender_for(settings()).domain == "firm.example"


async def test_without_a_catcher_in_the_settings_rehearsals_are_not_sent() -> None:
    with pytest.raises(MailRefused):
        await sender_for(settings()).send(REHEARSED, begin_nothing)


def test_where_mails_are_shown_the_one_server_is_the_catcher(tmp_path: Path) -> None:
    sender = sender_for(settings(mails_dir=tmp_path))
    assert isinstance(sender, RehearsalDiverter)
    assert sender.live is sender.catcher
