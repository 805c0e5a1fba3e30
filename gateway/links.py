"""Signed links to participants' pages. Whoever holds a link may answer its one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from pydantic import ValidationError

from schemas.ids import parse_cohort_id, parse_pair_id
from schemas.links import Link
from schemas.people import Person

LONGEST_AGE = timedelta(days=400)
"""Wall time. A link closes with its question; this only bounds a mail that was forgotten."""
SALT = "binome.link.v1"
SHORTEST_KEY_BYTES = 32
MY_DATA_LASTS = timedelta(hours=1)
"""Wall time. Ours: as long as it takes to find the mail and read what it leads to."""
MY_DATA_SALT = "binome.my_data.v1"


class LinkInvalid(Exception):
    """The link was altered, cut short in a mail program, or signed with a key that is no longer used."""


class LinkExpired(LinkInvalid):
    """The link is genuine and too old; a newer mail has a newer one."""


class LinkRevoked(LinkInvalid):
    """Ops closed the links that this person had so far; a newer mail has a newer one."""


class MyDataLinkExpired(LinkExpired):
    """A link to what is held about somebody, which was genuine for an hour."""


@dataclass(frozen=True)
class MyDataLink:
    """What a link to all that is held about a person says."""

    person: str
    generation: int
    valid_until: datetime
    """Wall time."""


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
        signing = list(reversed(keys))
        self._signer = URLSafeTimedSerializer(signing, salt=SALT)
        self._my_data_signer = URLSafeTimedSerializer(signing, salt=MY_DATA_SALT)

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

    def my_data_url(self, person: Person) -> str:
        """The page about all that is held about somebody; whoever has it reads that for an hour."""
        packed = [person.person, person.link_generation]
        return f"{self._base}/my-data/{self._my_data_signer.dumps(packed)}"

    def read_my_data(self, token: str) -> MyDataLink:
        """Read about whom a link is. It opens no question, and no link to a question is one.

        Raises:
            MyDataLinkExpired: genuine, and older than an hour.
            LinkInvalid: anything else that cannot be trusted.
        """
        lasts = int(MY_DATA_LASTS.total_seconds())
        try:
            packed, made_at = self._my_data_signer.loads(
                token, max_age=lasts, return_timestamp=True
            )
            person, generation = packed
            return MyDataLink(str(person), int(generation), made_at + MY_DATA_LASTS)
        except SignatureExpired:
            raise MyDataLinkExpired("this link was valid for an hour") from None
        except (BadSignature, ValueError, TypeError):
            raise LinkInvalid("this link is not complete") from None

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
