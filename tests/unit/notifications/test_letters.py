"""Whole mails: headers, parts, digests."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from activities.notifications.interfaces import MailRefused, OutgoingMail
from activities.notifications.letters import LetterWriter
from activities.notifications.locales import LOCALES
from activities.notifications.mime import encode
from domain.notices.digest import digests
from schemas.notices import Recipient, Template
from schemas.records.outbox import OutboxRow, PairMember
from tests.support.notices import (
    MENTEE,
    NOW,
    PAIR,
    PlainLinks,
    fast,
    later,
    notice,
    person,
    row,
)

OTHER = PairMember(person="pddddddddddddd", name="Ines Roy", email="ines@firm.example")
WRITER = LetterWriter(PlainLinks(), "firm.example")


def mail(*rows: OutboxRow, wall: Any = NOW) -> OutgoingMail:
    (digest,) = digests(rows, "firm.example")
    return encode(WRITER.write(digest), wall)


def parsed(*rows: OutboxRow, wall: Any = NOW) -> EmailMessage:
    message = message_from_bytes(mail(*rows, wall=wall).data, policy=modern)
    assert isinstance(message, EmailMessage)
    return message


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def kinds(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_the_sender_is_the_programmes_at_our_domain() -> None:
    assert mail(row()).sender == "rh-mentorat@firm.example"
    assert parsed(row())["From"] == "Reverse mentoring <rh-mentorat@firm.example>"


def test_the_recipient_is_the_person_whatever_their_name_holds() -> None:
    header = parsed(row(person=person(name='Camille "C." Roy\nBcc: x@y.example')))["To"]
    assert [a.addr_spec for a in header.addresses] == ["camille@firm.example"]


def test_automatic_replies_are_not_wanted() -> None:
    message = parsed(row())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<mentorat-2027.mentoring.firm.example>"


def test_the_date_is_wall_time_in_a_rehearsal_too() -> None:
    assert parsed(row(clock=fast(43200)), wall=later(5))["Date"].datetime == later(5)


def test_a_repeat_bears_the_same_message_id() -> None:
    first, again = (
        parsed(row(id="pair/3/ready")),
        parsed(row(id="pair/3/ready"), wall=later(3600)),
    )
    assert first["Message-ID"] == again["Message-ID"]
    assert parsed(row(id="pair/4/ready"))["Message-ID"] != first["Message-ID"]


def test_the_message_id_that_was_kept_wins() -> None:
    assert (
        parsed(row(message_id="<kept@firm.example>"))["Message-ID"]
        == "<kept@firm.example>"
    )


def test_the_message_id_of_a_digest_does_not_depend_on_the_order() -> None:
    one, two = row(id="1"), row(id="2")
    assert parsed(one, two)["Message-ID"] == parsed(two, one)["Message-ID"]


def test_text_html_and_calendar_are_alternatives_and_the_invite_is_attached() -> None:
    message = parsed(row(Template.SESSION_PROPOSED, Recipient.MENTEE))
    assert kinds(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    inline, attached = [
        p for p in message.walk() if p.get_content_type() == "text/calendar"
    ]
    assert inline.get_param("method") == "REQUEST"
    assert attached.get_filename() == "invite.ics"
    assert inline.get_content() == attached.get_content()


def test_the_calendar_survives_the_mail() -> None:
    message = parsed(row(Template.SESSION_CANCELLED, Recipient.MENTEE))
    attached = next(message.iter_attachments())
    assert Calendar.from_ical(attached.get_content())["method"] == "CANCEL"


def test_a_delegate_gets_the_invite_as_a_file_only() -> None:
    message = parsed(row(Template.SESSION_PROPOSED, Recipient.DELEGATE))
    assert [
        p.get_filename()
        for p in message.walk()
        if p.get_content_type() == "text/calendar"
    ] == ["invite.ics"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "[Rehearsal] You are ready"), ("fr", "[Essai] Tout est prêt")],
)
def test_the_subject_of_a_rehearsal_is_marked(locale: str, words: str) -> None:
    rehearsed = row(clock=fast(10), person=person(locale=locale))
    assert parsed(rehearsed)["Subject"] == words
    assert mail(rehearsed).rehearsal


def test_a_real_mail_does_not_speak_of_rehearsals() -> None:
    assert parsed(row())["Subject"] == "You are ready"
    assert not mail(row()).rehearsal


def digest() -> EmailMessage:
    rows = [
        row(Template.READY, id="1"),
        row(Template.ASK_HELD, id="2"),
        row(Template.PULSE_REQUEST, id="3"),
    ]
    return parsed(*rows)


def test_a_digest_names_its_first_notice_and_how_many_more() -> None:
    assert digest()["Subject"] == "You are ready (and 2 more)"


def test_a_digest_greets_once_and_holds_every_notice() -> None:
    body = text(digest())
    assert body.count("Hello Camille Roy,") == 1
    assert [f"{n}." for n in (1, 2, 3) if f"\n{n}. " in body] == ["1.", "2.", "3."]


def test_a_digest_about_one_pair_asks_for_help_once() -> None:
    assert text(digest()).count("/q/help.") == 1


def seats(
    template: Template, *mentees: PairMember | None, locale: str = "en"
) -> EmailMessage:
    """A mail about several seats of one mentor, each with a pair of its own."""
    reader, bare = person(locale=locale), notice(template, invite=None, session=None)
    rows = [
        row(
            id=str(seat),
            scope=f"{PAIR[:-1]}{seat}",
            mentee=mentee,
            person=reader,
            notice=bare,
        )
        for seat, mentee in enumerate(mentees, 1)
    ]
    return parsed(*rows)


PAUSES = [Template.PAIR_PAUSED, Template.PAIR_RESUMED]


@pytest.mark.parametrize("template", PAUSES)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_pause_of_seats_without_a_partner_reads_as_that_of_one(
    template: Template, locale: str
) -> None:
    one, three = (
        seats(template, None, locale=locale),
        seats(template, None, None, None, locale=locale),
    )
    assert (three["Subject"], text(three)) == (one["Subject"], text(one))


@pytest.mark.parametrize("template", PAUSES)
def test_a_pause_of_several_seats_has_one_section_that_names_them_all(
    template: Template,
) -> None:
    found = seats(template, MENTEE, OTHER, None)
    body = text(found).splitlines()
    for each in (
        "your conversation with Noé <Marchand>",
        "your conversation with Ines Roy",
        "your place that is still open",
    ):
        assert body.count(f"- {each}") == 1
    assert found["Subject"] in ("A pause", "It goes on")


def test_a_mentor_who_is_also_coached_reads_of_either_and_may_ask_for_help() -> None:
    rows = [
        row(id=to, notice=notice(Template.PAIR_PAUSED, to, invite=None))
        for to in (Recipient.MENTEE, Recipient.MENTOR)
    ]
    assert text(parsed(*rows)).count("/q/help.") == 1


def test_a_pause_and_the_end_of_another_are_two_things() -> None:
    rows = [row(t, id=t, notice=notice(t, invite=None, session=None)) for t in PAUSES]
    assert (
        parsed(*rows)["Subject"]
        == "A pause: your conversation with Noé <Marchand> (and 1 more)"
    )


@pytest.mark.parametrize(
    ("locale", "name"), [("en", "certificate.html"), ("fr", "attestation.html")]
)
def test_the_certificate_is_attached_with_the_mentors_name(
    locale: str, name: str
) -> None:
    message = parsed(
        row(Template.CERTIFICATE, person=person(name="Łukasz <Żak>", locale=locale))
    )
    attached = next(message.iter_attachments())
    assert attached.get_filename() == name
    page = ElementTree.fromstring(attached.get_content())
    assert "Łukasz <Żak>" in "".join(page.itertext())


@pytest.mark.parametrize(
    "email", ["nobody", "a b@firm.example", "@firm.example", "x@", "a@b\nBcc: c@d"]
)
def test_an_invalid_address_is_refused(email: str) -> None:
    with pytest.raises(MailRefused, match="address_refused"):
        mail(row(person=person(email=email)))


def test_a_domain_with_accents_is_written_as_mail_servers_know_it() -> None:
    assert (
        mail(row(person=person(email="camille@société.example"))).recipient
        == "camille@xn--socit-esab.example"
    )


def test_a_supervisors_mail_holds_neither_score_nor_comment() -> None:
    asked = notice(
        Template.CALL_MENTOR,
        Recipient.SUPERVISOR,
        items=("score", "1", "a word in confidence"),
    )
    data = mail(row(notice=asked)).data.decode()
    assert "score" not in data
    assert "confidence" not in data


def test_the_link_to_what_is_held_about_somebody_is_private_and_alone() -> None:
    data, other = row(Template.MY_DATA, id="1"), row(Template.READY, id="2")
    assert len(digests([data, other], "firm.example")) == 2
    assert parsed(data)["Sensitivity"] == "Private"
    assert "https://mentoring.example/my-data/pccccccccccccc" in text(parsed(data))
    assert parsed(other)["Sensitivity"] is None
