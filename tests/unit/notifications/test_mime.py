"""What is written is what is read, whatever it holds."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parseaddr

import pytest

from activities.notifications.mime import (
    exact_part,
    folded_header,
    multipart,
    subject_header,
    text_part,
    to_header,
    with_headers,
)

TEXTS = [
    "",
    "é\n",
    "two\nlines",
    "ends \n\t\n ",
    ".\n.dots\n",
    "--=_mixed--\n=_mixed\n",
    "x" * 500,
    "a\rb",
]


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=modern)
    assert isinstance(message, EmailMessage)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", [None, "page.html"])
def test_a_readable_text_arrives_line_by_line(text: str, name: str | None) -> None:
    part = read(with_headers(text_part("html", text, name), [], {}))
    assert lines(part.get_content()) == lines(text)
    assert (part.get_content_type(), part.get_filename()) == ("text/html", name)


@pytest.mark.parametrize("text", TEXTS)
def test_an_exact_text_arrives_to_the_byte(text: str) -> None:
    part = read(with_headers(exact_part("calendar", text), [], {}))
    assert part.get_payload(decode=True) == text.encode()


@pytest.mark.parametrize("text", TEXTS)
def test_parts_and_files_keep_apart_whatever_they_hold(text: str) -> None:
    mail = read(
        with_headers(
            multipart(
                [text_part("plain", text), text_part("html", text)],
                [exact_part("x", text, "f")],
            ),
            [],
            {},
        )
    )
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/x",
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_no_line_is_longer_than_mail_servers_take(text: str) -> None:
    data = with_headers(
        multipart([text_part("plain", text)], []),
        [subject_header("é" * 300)],
        {"X-A": "b"},
    )
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")


SUBJECTS = [
    "You are ready",
    "Une dernière question : Théo et vous",
    "[Essai] Une dernière question\u00a0: Théo Lefèvre-Châtelain et Zoé d’Été (et 2 de plus)",
    "Could you ask somebody with a very long name and another one about the time? (and 2 more)",
    "x" * 200,
    "what =?utf-8?q?looks?= encoded",
]


@pytest.mark.parametrize("text", SUBJECTS)
def test_a_subject_keeps_every_space_whether_lines_are_joined_with_one_or_not(
    text: str,
) -> None:
    header = subject_header(text)
    assert read(with_headers(text_part("plain", ""), [header], {}))["Subject"] == text
    assert (
        str(
            make_header(
                decode_header(header.removeprefix("Subject: ").replace("\r\n ", " "))
            )
        ).strip()
        == text
    )
    assert header.isascii()


@pytest.mark.parametrize("text", SUBJECTS)
def test_a_subject_is_folded_only_between_encoded_words(text: str) -> None:
    first, *folded = subject_header(text).removesuffix("\r\n").split("\r\n")
    assert len(first) <= 78
    assert first != "Subject: "
    assert all(part.startswith(" =?utf-8?") and part.endswith("?=") for part in folded)


@pytest.mark.parametrize("value", ["a\r\nBcc: x@y.example", "a\nb"])
def test_what_others_named_adds_no_header(value: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        folded_header("To", value)
    with pytest.raises(ValueError, match="linefeed"):
        subject_header(value)


NAMES = [
    "Ana Ruiz",
    "Élodie Lefèvre",
    'Jean "Jo" O\'Brien, (comex) <x@y.example>',
    "\\",
    "",
    "é" * 60,
    "Ana " * 40,
    "=?utf-8?q?looks_encoded?=",
    "a\x00b",
    "\u202eabc",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_recipient_is_read_as_they_were_named(name: str) -> None:
    header = to_header(name, Address(addr_spec="ana.ruiz@firm.example"))
    (found,) = read(with_headers(text_part("plain", ""), [header], {}))["To"].addresses
    shown, _ = parseaddr(header.removeprefix("To: ").replace("\r\n ", " "))
    assert (found.addr_spec, str(make_header(decode_header(shown))).strip()) == (
        "ana.ruiz@firm.example",
        name.strip(),
    )
    assert (header.isascii(), max(map(len, header.split("\r\n"))) <= 78) == (True, True)


@pytest.mark.parametrize("name", ["a\r\nBcc: x@y.example", "a\nb", "é\nb"])
def test_a_recipient_adds_no_header(name: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        to_header(name, Address(addr_spec="ana@firm.example"))
