"""The bytes of a mail, by the standard library's plain classes.

Its newer `EmailMessage` parses every header that it is given, its own included: so made, mails took a third of a busy
worker's time. Here it reads only what others named, so that it is encoded and adds no line.
"""

from collections.abc import Mapping, Sequence
from email.charset import BASE64, QP, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, compat32

END = "\r\n"
_WRITTEN = compat32.clone(linesep=END)


def readable(subtype: str, text: str, filename: str | None = None) -> Message:
    """Text of any length and language, legible in the source of the mail too."""
    plain = text.replace(END, "\n").replace("\r", "\n")
    return _named(MIMEText(plain, subtype, _charset(QP)), filename)  # type: ignore[arg-type]  # typeshed knows names alone


def exact(subtype: str, text: str, filename: str | None = None, **parameters: str) -> Message:
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


def subject(text: str) -> str:
    """What does not go out as it stands is encoded whole.

    Encoded word by word, it would lose a space in readers that join the lines of a header their own way.

    Raises:
        ValueError: the text would add a line.
    """
    plain = line("Subject", text)
    if text.isascii() and plain == f"Subject: {text}{END}":
        return plain
    return f"Subject: {Header(text, 'utf-8', header_name='Subject').encode(linesep=END)}{END}"


def headed(body: Message, lines: Sequence[str], ours: Mapping[str, str]) -> bytes:
    """The mail as it goes out; what stands in `ours` is short, ASCII, and of one line."""
    own = (f"{name}: {value}{END}" for name, value in ours.items())
    return "".join([*lines, *own]).encode("ascii") + body.as_bytes(policy=_WRITTEN)


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
