"""The mail catcher's mails on the console."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from schemas.time.clock import Clock
from tests.unit.gateway.factories import House, house


def write(
    folder: Path, name: str, to: str, subject: str = "Un rendez-vous proposé"
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "mentoring@example.org", to, subject
    mail["List-Id"] = "<demo.mentoring.example.org>"
    mail.set_content("Answer here: http://localhost/q/abc\n")
    mail.add_alternative(
        '<p style="color:teal">Answer <a href="http://localhost/q/abc">here</a></p>',
        subtype="html",
    )
    mail.add_attachment(
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        subtype="calendar",
        filename="invite.ics",
    )
    (folder / name).write_bytes(bytes(mail))


@pytest.fixture
async def with_mails(tmp_path: Path) -> AsyncIterator[House]:
    write(tmp_path, "1.eml", "ana@example.org")
    write(tmp_path, "2.eml", "marc@example.org")
    (tmp_path / "secret.txt").write_text("not a mail")
    async with house(mails_dir=tmp_path) as made:
        yield made


async def test_mails_are_listed_by_subject_and_recipient(with_mails: House) -> None:
    page = (await with_mails.browser.get("/mails")).text
    assert (
        "Un rendez-vous proposé" in page
        and "ana@example.org" in page
        and "marc@example.org" in page
    )


@pytest.mark.parametrize("path", ["/mails", "/mails/1.eml"])
async def test_a_mail_of_a_rehearsal_bears_the_programmes_time(
    with_mails: House, tmp_path: Path, path: str
) -> None:
    caught = datetime(2026, 11, 25, 6, 0, 1, 500_000, UTC)
    os.utime(tmp_path / "1.eml", (caught.timestamp(), caught.timestamp()))
    begun = datetime(2026, 11, 25, 6, tzinfo=UTC)
    with_mails.store.programmes.one_clock = Clock(
        programme_epoch=datetime(2027, 1, 11, 8, tzinfo=UTC),
        wall_epoch=begun,
        pace=43200,
    )
    assert "12 Jan 2027, 02:00" in (await with_mails.browser.get(path)).text


async def test_mails_to_one_person_can_be_found(with_mails: House) -> None:
    page = (await with_mails.browser.get("/mails?to=ANA")).text
    assert "1.eml" in page and "2.eml" not in page


async def test_a_mail_shows_text_links_and_calendar(with_mails: House) -> None:
    page = (await with_mails.browser.get("/mails/1.eml")).text
    assert all(
        words in page
        for words in ("Answer here", 'href="http://localhost/q/abc"', "BEGIN:VCALENDAR")
    )


async def test_html_is_shown_without_any_right(with_mails: House) -> None:
    answer = await with_mails.browser.get("/mails/1.eml/html")
    assert "<p style" in answer.text
    assert (
        "sandbox" in answer.headers["content-security-policy"]
        and "default-src 'none'" in answer.headers["content-security-policy"]
    )


@pytest.mark.parametrize(
    "name", ["secret.txt", "..%2Fsecret.eml", "3.eml", ".eml", "%00.eml"]
)
async def test_only_mails_of_the_folder_are_read(with_mails: House, name: str) -> None:
    assert (await with_mails.browser.get(f"/mails/{name}")).status_code == 404


async def test_where_real_mail_is_sent_there_is_none_to_show(at_home: House) -> None:
    assert "Real mail is sent here" in (await at_home.browser.get("/mails")).text


@pytest.mark.parametrize("path", ["/mails/1.eml", "/mails/1.eml/html"])
async def test_a_mail_that_opens_what_is_held_about_its_reader_is_for_nobody_else(
    with_mails: House, tmp_path: Path, path: str
) -> None:
    mail = (tmp_path / "1.eml").read_bytes()
    (tmp_path / "1.eml").write_bytes(b"Sensitivity: Private\n" + mail)
    answer = await with_mails.browser.get(path)
    assert (answer.status_code, "/q/abc" in answer.text) == (403, False)
