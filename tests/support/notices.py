"""Rows of the outbox as tests need them: one pair, one meeting, names that show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.links import Link, Question
from schemas.notices import Invite, Notice, Recipient, Template
from schemas.people import Person
from schemas.records.outbox import NoticeFacts, OutboxRow, PairMember, SessionFacts
from schemas.stages import SessionStatus, Stage
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock

NOW = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)
"""A Monday, half past ten in Paris."""
EPOCH = datetime(2027, 1, 1, tzinfo=UTC)
PAIR = "pair:mentorat-2027:comex:1:paaaaaaaaaaaaa:1"
MENTOR = PairMember(
    person="paaaaaaaaaaaaa",
    name="Léa O’Brien & Fils",
    email="lea@firm.example",
    site="Lyon",
)
MENTEE = PairMember(
    person="pbbbbbbbbbbbbb",
    name="Noé <Marchand>",
    email="noe@firm.example",
    site="Lyon",
)
INVITE = Invite(
    uid="mentorat-2027.comex.1.paaaaaaaaaaaaa.1.2.1",
    sequence=1,
    start=datetime(2027, 2, 1, 9, 30, tzinfo=UTC),
    minutes=60,
    alternatives=(
        datetime(2027, 2, 2, 9, 30, tzinfo=UTC),
        datetime(2027, 2, 3, 9, 30, tzinfo=UTC),
    ),
)
SESSION_AS_PLANNED = NoticeFacts(
    pair_stage=Stage.SESSIONS,
    session=SessionFacts(status=SessionStatus.AGREED, sequence=INVITE.sequence),
)
ITEMS = ("windows", "module:oser-parler", "rehearsal", "sign_off", "charter")


class PlainLinks:
    """Links that say what they are."""

    def url(self, link: Link) -> str:
        about = f"{link.session or 0}.{link.sequence}.{link.check}"
        return f"https://mentoring.example/q/{link.question}.{link.role}.{about}"

    def my_data_url(self, person: Person) -> str:
        return f"https://mentoring.example/my-data/{person.person}"

    def console_url(self, scope: str) -> str:
        return f"https://mentoring.example/console/{scope}"


def person(name: str = "Camille Roy", **changes: Any) -> Person:
    values: dict[str, Any] = {
        "person": "pccccccccccccc",
        "external_id": "E-1",
        "name": name,
        "email": "camille@firm.example",
        "region": "comex",
        "locale": "en",
    }
    return Person(**{**values, **changes})


def notice(
    template: Template, to: Recipient = Recipient.MENTOR, **changes: Any
) -> Notice:
    values: dict[str, Any] = {
        "session": 2,
        "check": 1,
        "items": ITEMS,
        "questions": tuple(Question),
        "invite": INVITE,
    }
    return Notice(template=template, to=to, **{**values, **changes})


def row(
    template: Template = Template.READY,
    to: Recipient = Recipient.MENTOR,
    **changes: Any,
) -> OutboxRow:
    """One due row; a notice with other fields is `notice=`, a person `person=`."""
    values: dict[str, Any] = {
        "id": "1",
        "scope": PAIR,
        "programme": "mentorat-2027",
        "region": "comex",
        "clock": Clock(programme_epoch=EPOCH, wall_epoch=EPOCH),
        "calendar": WorkCalendar(),
        "sender": "rh-mentorat",
        "person": person(),
        "notice": notice(template, to),
        "mentor": MENTOR,
        "mentee": MENTEE,
        "created": NOW,
        "due": NOW,
    }
    return OutboxRow(**{**values, **changes})


def fast(pace: float) -> Clock:
    """A rehearsal's clock that shows the same time as the wall at NOW."""
    return Clock(programme_epoch=NOW, wall_epoch=NOW, pace=pace)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
