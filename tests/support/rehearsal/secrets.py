"""Looks for what is personal in what is not to hold it, in every encoding in which it may be there."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tests.support.rehearsal.organisation import COMMENT, IDEA, people

SHORTEST = 5
"""Letters of a part of a name; a shorter one may occur by chance."""
SHAPES = frozenset(
    f'"{key}":'
    for key in ("score", "comment", "idea", "email", "external_id", "wants_help")
)
"""Fields of JSON that are personal whatever their value: a score is a digit like any other."""


@dataclass(frozen=True)
class Leak:
    """Something personal, and where it was found."""

    where: str
    what: str
    around: bytes


def personal(rows: Iterable[Mapping[str, str]] | None = None) -> frozenset[str]:
    """Names and their parts, addresses and theirs, external ids, and words out of what people wrote."""
    found = {*_words(COMMENT), *_words(IDEA)}
    for row in people() if rows is None else rows:
        found |= {
            row["external_id"],
            row["name"],
            *row["name"].split(),
            row["email"],
            row["email"].split("@")[0],
        }
    return frozenset(secret for secret in found if len(secret) >= SHORTEST)


def _words(text: str) -> set[str]:
    """Those that are long enough to be nobody else's."""
    return {text, *(word.strip(".") for word in text.split() if len(word) > 9)}


class Scanner:
    """Finds `secrets` plain in any case, escaped, or in base64 at any offset."""

    def __init__(self, secrets: Iterable[str]) -> None:
        ordered = sorted(secrets)
        self._plain = [
            (form, secret) for secret in ordered for form in _plain(secret.lower())
        ]
        self._encoded = [
            (form, secret) for secret in ordered for form in set(_encoded(secret))
        ]

    def leaks(self, where: str, data: bytes) -> list[Leak]:
        lowered = data.lower()
        plain = [
            Leak(where, secret, _around(data, at))
            for form, secret in self._plain
            if (at := lowered.find(form)) >= 0
        ]
        return plain + [
            Leak(where, f"{secret} in base64", _around(data, at))
            for form, secret in self._encoded
            if (at := data.find(form)) >= 0
        ]


def _around(data: bytes, at: int) -> bytes:
    return data[max(at - 40, 0) : at + 60]


def _plain(secret: str) -> set[bytes]:
    """As it is, as JSON escapes it, as an address line does."""
    return {
        secret.encode(),
        json.dumps(secret)[1:-1].encode(),
        quote(secret).lower().encode(),
    }


def _encoded(secret: str) -> Iterator[bytes]:
    """Base64 works on threes of bytes: what comes before shifts it, and its ends mix with what is beside it."""
    for text in {secret, secret.lower()}:
        raw = text.encode()
        for shift in range(3):
            whole = b64encode(b"\0" * shift + raw)
            inner = whole[
                (0, 2, 3)[shift] : len(whole) - (0, 3, 2)[(shift + len(raw)) % 3]
            ]
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")
