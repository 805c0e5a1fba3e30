"""Which caught mails name somebody, however the name is written in them."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from gateway.caught_mails import remove_mails_naming

NAME = "Zoë O'Hare-Fitzgerald"
LONG = "A line that goes on and on until it is folded, since it is long. "


def mail(
    subject: str = "Hello", text: str = "Nothing.", to: str = "x@y.example"
) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["Subject"], made["To"] = subject, to
    made.set_content(text)
    return made


def with_html(html: str) -> EmailMessage:
    made = mail()
    made.add_alternative(html, subtype="html")
    return made


def with_calendar(line: str) -> EmailMessage:
    made = mail()
    made.add_attachment(line.encode(), maintype="text", subtype="calendar")
    return made


@pytest.mark.parametrize(
    "naming",
    [
        mail(subject=f"{LONG}{NAME}"),
        mail(to="Zoe.Hare@example.org"),
        mail(text=f"{LONG}\n{NAME.replace(' ', chr(10))} will come"),
        mail(text=f"{LONG * 3}{NAME}"),
        with_html("<p>Zo&euml; O&#39;Hare-Fitzgerald</p>"),
        with_calendar("DESCRIPTION:Zoë O'Hare-Fi\r\n tzgerald\r\n"),
    ],
    ids=["subject", "address", "wrapped", "encoded", "html", "calendar"],
)
def test_a_mail_that_names_somebody_is_removed(
    tmp_path: Path, naming: EmailMessage
) -> None:
    (tmp_path / "1.eml").write_bytes(bytes(naming))
    (tmp_path / "2.eml").write_bytes(bytes(mail()))
    assert remove_mails_naming(tmp_path, [NAME, "zoe.hare@example.org", ""]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["2.eml"]
