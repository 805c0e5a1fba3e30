"""The bytes of a mail, written down instead of built.

The standard library's `EmailMessage` parses every header that it is given, its own included: so made, mails took a
third of a busy worker's time. Here it reads only what others named, so that it is encoded and adds no line.
"""

from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping, Sequence
from email.policy import SMTP

END = "\r\n"


def readable(subtype: str, text: str, filename: str | None = None) -> bytes:
    """Text of any length and language, legible in the source of the mail too."""
    lines = text.replace(END, "\n").replace("\r", "\n")
    return _part(f"text/{subtype}; charset=utf-8", "quoted-printable", _ended(b2a_qp(lines.encode())), filename)


def exact(content_type: str, text: str, filename: str | None = None) -> bytes:
    """Text whose line ends no mail server may touch."""
    return _part(content_type, "base64", _ended(encodebytes(text.encode())), filename)


def bundle(alternatives: Sequence[bytes], files: Sequence[bytes]) -> bytes:
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


def headed(body: bytes, lines: Sequence[str], ours: Mapping[str, str]) -> bytes:
    """The mail as it goes out; what stands in `ours` is short, ASCII, and of one line."""
    own = (f"{name}: {value}{END}" for name, value in {**ours, "MIME-Version": "1.0"}.items())
    return "".join([*lines, *own]).encode("ascii") + body


def _ended(data: bytes) -> bytes:
    return data.replace(b"\n", END.encode())


def _part(content_type: str, encoding: str, data: bytes, filename: str | None) -> bytes:
    head = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}"]
    if filename:
        head.append(f'Content-Disposition: attachment; filename="{filename}"')
    return END.join([*head, "", ""]).encode("ascii") + data


def _multipart(subtype: str, parts: Sequence[bytes]) -> bytes:
    """Neither quoted-printable nor base64 can hold `=_`, so no part can hold the boundary."""
    boundary = f"=_{subtype}"
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{END}{END}'
    opened, closed = f"--{boundary}{END}".encode(), f"{END}--{boundary}--{END}".encode()
    return head.encode() + opened + (END.encode() + opened).join(parts) + closed
