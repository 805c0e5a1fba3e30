"""Signatures of Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

The scheme v1 of https://www.standardwebhooks.com: HMAC with SHA-256.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)
"""How long a secret may be, as the standard has it."""
TOLERANCE = timedelta(minutes=5)
"""Between the time that is signed and ours, either way."""
MOST_SIGNATURES = 5
"""How many of one request are looked at: a service that rotates its secret sends two."""


class SignedHeaders(NamedTuple):
    """The headers of one signed request."""

    message_id: str
    timestamp: str
    """Seconds since 1970, as text."""
    signatures: str
    """Several, with spaces between them."""


def read_secret(text: str) -> bytes:
    """Read a secret as services show it.

    Raises:
        ValueError: it is none; the text is not repeated.
    """
    wrong = (
        f"not a secret of Standard Webhooks; allowed: {PREFIX} followed by base64"
        f" of {SECRET_BYTES.start} to {SECRET_BYTES.stop - 1} bytes"
    )
    text = text.strip()
    try:
        secret = b64decode(text.removeprefix(PREFIX), validate=True)
    except (NotBase64, ValueError):
        raise ValueError(wrong) from None
    if not text.startswith(PREFIX) or len(secret) not in SECRET_BYTES:
        raise ValueError(wrong)
    return secret


def written_secret(secret: bytes) -> str:
    """Returns a secret as services are shown it."""
    return PREFIX + b64encode(secret).decode()


def is_timely(timestamp: str, now: datetime) -> bool:
    """Whether a request was signed a short while ago, so that it is no old one again."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()


def signature(secret: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Returns one signature, as the header has it."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(secret, signed, "sha256")).decode()


def is_genuine(secrets: Iterable[bytes], headers: SignedHeaders, body: bytes) -> bool:
    """Whether one of the signatures is made with one of the secrets.

    Takes the same time whichever of them fits, and how much of it.
    """
    given = headers.signatures.split()[:MOST_SIGNATURES]
    expected = [
        signature(secret, headers.message_id, headers.timestamp, body)
        for secret in secrets
    ]
    found = [
        hmac.compare_digest(one.encode(), other.encode())
        for one in given
        for other in expected
    ]
    return any(found)
