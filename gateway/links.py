"""Signed links to participants' pages. Whoever holds a link may answer its one question."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from pydantic import ValidationError

from schemas.ids import parse_cohort_id, parse_pair_id
from schemas.links import Link

LONGEST_AGE = timedelta(days=400)
"""Wall time. A link closes with its question; this only bounds a mail that was forgotten."""
SALT = "binome.link.v1"
SHORTEST_KEY_BYTES = 32


class LinkInvalid(Exception):
    """The link was altered, cut short in a mail program, or signed with a key that is no longer used."""


class LinkExpired(LinkInvalid):
    """The link is genuine and too old; a newer mail has a newer one."""


class LinkRevoked(LinkInvalid):
    """Ops closed the links that this person had so far; a newer mail has a newer one."""


class Links:
    """Makes links with the first key, and reads those of every key."""

    def __init__(
        self, keys: Sequence[bytes], public_url: str, console_url: str | None = None
    ) -> None:
        if not keys or min(map(len, keys)) < SHORTEST_KEY_BYTES:
            raise ValueError(
                "a key that signs links is too short; allowed: 32 bytes or more"
            )
        self._base = public_url.rstrip("/")
        self._console = (console_url or public_url).rstrip("/")
        # The library signs with the last one.
        self._signer = URLSafeTimedSerializer(list(reversed(keys)), salt=SALT)

    def url(self, link: Link) -> str:
        return f"{self._base}/q/{self.token(link)}"

    def token(self, link: Link) -> str:
        token = self._signer.dumps(_pack(link))
        return token.decode() if isinstance(token, bytes) else token

    def read(self, token: str) -> Link:
        """Read what a link asks, and whom.

        Raises:
            LinkExpired: genuine, and older than 400 days.
            LinkInvalid: anything else that cannot be trusted; the message quotes nothing of it.
        """
        try:
            return _unpack(
                self._signer.loads(token, max_age=int(LONGEST_AGE.total_seconds()))
            )
        except SignatureExpired:
            raise LinkExpired(
                "this link is too old; use the one in your latest mail"
            ) from None
        except (BadSignature, ValidationError, ValueError, TypeError, IndexError):
            raise LinkInvalid(
                "this link is not complete; copy the whole line from the mail"
            ) from None

    def console_url(self, scope: str) -> str:
        """The console's page about a pair, cohort or programme, by its workflow id.

        Raises:
            ValueError: not such an id.
        """
        kind = scope.partition(":")[0]
        if kind == "pair":
            return f"{self._console}/pairs/{parse_pair_id(scope).workflow_id}"
        if kind == "cohort":
            return f"{self._console}/cohorts/{parse_cohort_id(scope).workflow_id}"
        return f"{self._console}/programmes/{scope.removeprefix('programme:')}"


_FIELDS = (
    "question",
    "role",
    "pair",
    "person",
    "session",
    "attempt",
    "sequence",
    "check",
    "mentee",
    "generation",
)
"""In this order for as long as old mails are read; a new field goes to the end."""


def _pack(link: Link) -> list[Any]:
    """A list without names: links are in plain text mails, where long ones break."""
    values = link.model_dump(mode="json")
    return [values[name] for name in _FIELDS]


def _unpack(packed: Any) -> Link:
    if not isinstance(packed, list):
        raise TypeError("not what was signed")
    return Link.model_validate(dict(zip(_FIELDS, packed, strict=False)))
