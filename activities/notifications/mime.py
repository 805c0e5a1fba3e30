"""A letter as bytes, by the standard library's plain classes.

Its newer `EmailMessage` parses every header that it is given, its own included: so
made, mails took a third of a busy worker's time. Here it reads only what others named
and what needs folding.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.charset import BASE64, QP, Charset
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, Compat32
from email.utils import format_datetime, formataddr
from functools import lru_cache

from activities.notifications.interfaces import OutgoingMail
from activities.notifications.letters import Letter

CRLF = "\r\n"
PRIVATE = {"Sensitivity": "Private"}
"""A mail that mailboxes hide from delegates of their owner (RFC 2156)."""
LINE_CHARACTERS = 78
"""A header of ours that is no longer needs no folding."""


def encode(letter: Letter, sent_at: datetime) -> OutgoingMail:
    """Encode a letter for the mail server; `sent_at` is wall time."""
    headers = [
        subject_header(letter.subject),
        from_header(letter.sender_name, letter.sender),
        to_header(letter.reader_name, letter.reader),
    ]
    own_headers = {
        "Date": format_datetime(sent_at),
        "Message-ID": letter.message_id,
        "Content-Language": letter.locale,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Id": letter.list_id,
        **(PRIVATE if letter.private else {}),
    }
    data = with_headers(_body(letter), headers, own_headers)
    return OutgoingMail(letter.sender, letter.recipient, letter.rehearsal, data)


def _body(letter: Letter) -> Message:
    alternatives = [
        text_part("plain", letter.text),
        text_part("html", letter.html),
    ]
    files = [
        text_part("html", each.html, each.filename) for each in letter.certificates
    ]
    if letter.invite is not None:
        data, method = letter.invite.data, letter.invite.method
        if letter.invite.inline:
            alternatives.append(exact_part("calendar", data, method=method))
        files.insert(0, exact_part("calendar", data, "invite.ics", method=method))
    return multipart(alternatives, files)


def text_part(subtype: str, text: str, filename: str | None = None) -> Message:
    """Text of any length and language, legible in the source of the mail too."""
    plain = text.replace(CRLF, "\n").replace("\r", "\n")
    # typeshed knows charsets by name only
    part = MIMEText(plain, subtype, _charset(QP))  # type: ignore[arg-type]
    return _as_file(part, filename)


def exact_part(
    subtype: str, text: str, filename: str | None = None, **parameters: str
) -> Message:
    """Text whose line ends no mail server may touch; with parameters of its type."""
    part = MIMEText(text, subtype, _charset(BASE64))  # type: ignore[arg-type]
    for name, value in parameters.items():
        part.set_param(name, value)
    return _as_file(part, filename)


def multipart(alternatives: Sequence[Message], files: Sequence[Message]) -> Message:
    """Several versions of one text, the best last, and the files attached to it."""
    body = _parts("alternative", alternatives)
    return _parts("mixed", [body, *files]) if files else body


@lru_cache(maxsize=100)
def from_header(name: str, address: str) -> str:
    """Raises ValueError when the name or address would add a line."""
    return folded_header("From", Address(name, addr_spec=address))


def folded_header(name: str, value: object) -> str:
    """A header that holds what others named: encoded, folded, and never two.

    Raises:
        ValueError: the value would add a line.
    """
    folded: str = SMTP.header_store_parse(name, value)[1].fold(policy=SMTP)
    return folded


def to_header(name: str, address: Address) -> str:
    """The header `To` of one recipient, whose address was read and is ASCII.

    Raises:
        ValueError: the name would add a line.
    """
    _require_one_line(name)
    short = formataddr((name, address.addr_spec))
    if "=?" not in name and _needs_no_encoding("To", short):
        return f"To: {short}{CRLF}"
    encoded = Header(name, "utf-8", header_name="To").encode(linesep=CRLF)
    return f"To: {encoded}{CRLF} <{address.addr_spec}>{CRLF}"


def subject_header(text: str) -> str:
    """Return the header `Subject`, encoded as a whole if it needs encoding.

    Encoded word by word, it would lose a space in readers that join the lines of a
    header their own way.

    Raises:
        ValueError: the text would add a line.
    """
    _require_one_line(text)
    if "=?" not in text and _needs_no_encoding("Subject", text):
        return f"Subject: {text}{CRLF}"
    encoded = Header(text, "utf-8", header_name="Subject").encode(linesep=CRLF)
    return f"Subject: {encoded}{CRLF}"


def with_headers(
    body: Message, headers: Sequence[str], own_headers: Mapping[str, str]
) -> bytes:
    """The mail as it is sent; each of `own_headers` is short, ASCII, and one line."""
    own = (f"{name}: {value}{CRLF}" for name, value in own_headers.items())
    return "".join([*headers, *own]).encode("ascii") + body.as_bytes(policy=_WRITTEN)


class _PlainHeaders(Compat32):
    """Headers of our own, which are ASCII and of one line, are written unchanged."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Fold one header, with its line end."""
        if _needs_no_encoding(name, value):
            return f"{name}: {value}{CRLF}".encode("ascii")
        return super().fold_binary(name, value)


_WRITTEN = _PlainHeaders(linesep=CRLF)


def _require_one_line(text: str) -> None:
    if len(text.splitlines()) > 1:
        raise ValueError("a header holds no linefeed")


def _needs_no_encoding(name: str, value: str) -> bool:
    """Whether it needs no folding either."""
    fits = len(name) + len(": ") + len(value) <= LINE_CHARACTERS
    return fits and value.isascii() and value.isprintable() and value == value.strip()


def _charset(encoding: int) -> Charset:
    charset = Charset("utf-8")
    charset.body_encoding = encoding
    return charset


def _as_file(part: Message, filename: str | None) -> Message:
    if filename:
        part.add_header("Content-Disposition", "attachment", filename=filename)
    return part


def _parts(subtype: str, parts: Sequence[Message]) -> Message:
    """The boundary begins with `=_`, which quoted-printable and base64 cannot hold."""
    return MIMEMultipart(subtype, f"=_{subtype}", parts)
