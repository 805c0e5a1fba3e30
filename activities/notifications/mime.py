"""The bytes of a mail, by the standard library's plain classes.

Its newer `EmailMessage` parses every header that it is given, its own included: so made, mails took a third of a busy
worker's time. Here it reads only what others named and what does not fit on a line as it stands.
"""

from collections.abc import Mapping, Sequence
from email.charset import BASE64, QP, Charset
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, Compat32
from email.utils import formataddr

END = "\r\n"
WIDTH = 78
"""Characters of a line; a header of ours that is no longer needs no folding."""


class _AsItStands(Compat32):
    """Headers of our own, which are ASCII and of one line, are written as they are."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header with its line end."""
        if _plain(name, value):
            return f"{name}: {value}{END}".encode("ascii")
        return super().fold_binary(name, value)


_WRITTEN = _AsItStands(linesep=END)


def readable(subtype: str, text: str, filename: str | None = None) -> Message:
    """Text of any length and language, legible in the source of the mail too."""
    plain = text.replace(END, "\n").replace("\r", "\n")
    return _named(MIMEText(plain, subtype, _charset(QP)), filename)  # type: ignore[arg-type]  # typeshed knows names alone


def exact(
    subtype: str, text: str, filename: str | None = None, **parameters: str
) -> Message:
    """Text whose line ends no mail server may touch; with parameters of its type."""
    part = MIMEText(text, subtype, _charset(BASE64))  # type: ignore[arg-type]  # as above
    for name, value in parameters.items():
        part.set_param(name, value)
    return _named(part, filename)


def bundle(alternatives: Sequence[Message], files: Sequence[Message]) -> Message:
    """The same said in several ways, the best last, and what is attached to it."""
    body = _multipart("alternative", alternatives)
    return _multipart("mixed", [body, *files]) if files else body


def line(name: str, value: object) -> str:
    """A header that holds what others named: encoded, folded, and never two.

    Raises:
        ValueError: the value would add a line.
    """
    folded: str = SMTP.header_store_parse(name, value)[1].fold(policy=SMTP)
    return folded


def to(name: str, address: Address) -> str:
    """The header `To` of one recipient, whose address was read and is ASCII.

    Raises:
        ValueError: the name would add a line.
    """
    _one_line(name)
    if "=?" not in name and _plain(
        "To", short := formataddr((name, address.addr_spec))
    ):
        return f"To: {short}{END}"
    return f"To: {Header(name, 'utf-8', header_name='To').encode(linesep=END)}{END} <{address.addr_spec}>{END}"


def subject(text: str) -> str:
    """What does not go out as it stands is encoded whole.

    Encoded word by word, it would lose a space in readers that join the lines of a header their own way.

    Raises:
        ValueError: the text would add a line.
    """
    _one_line(text)
    if "=?" not in text and _plain("Subject", text):
        return f"Subject: {text}{END}"
    return f"Subject: {Header(text, 'utf-8', header_name='Subject').encode(linesep=END)}{END}"


def headed(body: Message, lines: Sequence[str], ours: Mapping[str, str]) -> bytes:
    """The mail as it goes out; what stands in `ours` is short, ASCII, and of one line."""
    own = (f"{name}: {value}{END}" for name, value in ours.items())
    return "".join([*lines, *own]).encode("ascii") + body.as_bytes(policy=_WRITTEN)


def _one_line(text: str) -> None:
    """Raises ValueError unless the text is one line."""
    if len(text.splitlines()) > 1:
        raise ValueError("a header holds no linefeed")


def _plain(name: str, value: str) -> bool:
    """Whether it needs neither encoding nor folding."""
    fits = len(name) + len(": ") + len(value) <= WIDTH
    return fits and value.isascii() and value.isprintable() and value == value.strip()


def _charset(encoding: int) -> Charset:
    charset = Charset("utf-8")
    charset.body_encoding = encoding
    return charset


def _named(part: Message, filename: str | None) -> Message:
    if filename:
        part.add_header("Content-Disposition", "attachment", filename=filename)
    return part


def _multipart(subtype: str, parts: Sequence[Message]) -> Message:
    """Neither quoted-printable nor base64 can hold `=_`, so no part can hold the boundary."""
    return MIMEMultipart(subtype, f"=_{subtype}", parts)
