"""A letter as bytes: headers by the standard library, parts put together here.

Its message classes parse every header that they are given, their own included, and
encode in Python: so made, mails took a third of a busy worker's time. Here only what
others named is parsed, and the two encodings are C.
"""

from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.charset import BASE64, Charset
from email.header import Header
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import encode_rfc2231, format_datetime, formataddr, quote
from functools import lru_cache

from activities.notifications.interfaces import OutgoingMail
from activities.notifications.letters import Letter

CRLF = "\r\n"
PRIVATE = {"Sensitivity": "Private"}
"""A mail that mailboxes hide from delegates of their owner (RFC 2156)."""
_HEADER_CHARSET = Charset("utf-8")
_HEADER_CHARSET.header_encoding = BASE64
"""By default each header is measured, letter by letter, for which encoding is shorter."""
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


def _body(letter: Letter) -> bytes:
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


def text_part(subtype: str, text: str, filename: str | None = None) -> bytes:
    """Text of any length and language, legible in the source of the mail too.

    It ends with a line end; and so says to the encoder which one to write.
    """
    plain = text.replace(CRLF, "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    encoded = b2a_qp(plain.replace("\n", CRLF).encode())
    return _part(subtype, "quoted-printable", encoded, filename)


def exact_part(
    subtype: str, text: str, filename: str | None = None, **parameters: str
) -> bytes:
    """Text whose line ends no mail server may touch; with parameters of its type."""
    encoded = encodebytes(text.encode()).replace(b"\n", b"\r\n")
    return _part(subtype, "base64", encoded, filename, **parameters)


def multipart(alternatives: Sequence[bytes], files: Sequence[bytes]) -> bytes:
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
    encoded = Header(name, _HEADER_CHARSET, header_name="To").encode(linesep=CRLF)
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
    encoded = Header(text, _HEADER_CHARSET, header_name="Subject").encode(linesep=CRLF)
    return f"Subject: {encoded}{CRLF}"


def with_headers(
    body: bytes, headers: Sequence[str], own_headers: Mapping[str, str]
) -> bytes:
    """The mail as it is sent; each of `own_headers` is short, ASCII, and one line."""
    own = _lines({**own_headers, "MIME-Version": "1.0"})
    return "".join([*headers, own]).encode("ascii") + body


def _require_one_line(text: str) -> None:
    if len(text.splitlines()) > 1:
        raise ValueError("a header holds no linefeed")


def _needs_no_encoding(name: str, value: str) -> bool:
    """Whether it needs no folding either."""
    fits = len(name) + len(": ") + len(value) <= LINE_CHARACTERS
    return fits and value.isascii() and value.isprintable() and value == value.strip()


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}{CRLF}" for name, value in headers.items())


def _part(
    subtype: str,
    encoding: str,
    encoded: bytes,
    filename: str | None,
    **parameters: str,
) -> bytes:
    named = {"charset": "utf-8", **parameters}
    of_type = "".join(f'; {name}="{value}"' for name, value in named.items())
    headers = {
        "Content-Type": f"text/{subtype}{of_type}",
        "Content-Transfer-Encoding": encoding,
        **({"Content-Disposition": _as_file(filename)} if filename else {}),
    }
    return f"{_lines(headers)}{CRLF}".encode("ascii") + encoded


def _as_file(filename: str) -> str:
    if filename.isascii():
        return f'attachment; filename="{quote(filename)}"'
    return f"attachment; filename*={encode_rfc2231(filename, 'utf-8')}"


def _parts(subtype: str, parts: Sequence[bytes]) -> bytes:
    """The boundary begins with `=_`, which quoted-printable and base64 cannot hold."""
    boundary = f"=_{subtype}"
    kind = {"Content-Type": f'multipart/{subtype}; boundary="{boundary}"'}
    between = f"{CRLF}--{boundary}{CRLF}".encode("ascii")
    end = f"{CRLF}--{boundary}--{CRLF}".encode("ascii")
    return _lines(kind).encode("ascii") + between + between.join(parts) + end
