"""Which privacy notice each mail has, and whether its reader sees it for the first time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.notices.digest import Digest
from domain.privacy.which_notice import notice_for
from schemas.notices import Recipient
from schemas.records.privacy import Informed, InformedBy, PrivacyNotice

READ_AGAIN_AFTER = timedelta(seconds=10)
"""Wall time for which notices are not read again: one that was set is in mails by then."""


class PrivacyStore(Protocol):
    """Privacy notices. `activities.persistence.privacy.PrivacyNotices` fits it."""

    async def shown(self) -> Sequence[PrivacyNotice]:
        """Returns all that are shown now."""
        ...

    async def informed(
        self, persons: Collection[str], by: InformedBy
    ) -> Collection[Informed]:
        """Returns who of these was shown which notice, in one way."""
        ...

    async def note_informed(self, person: str, notice: int, by: InformedBy) -> None:
        """Note that somebody was shown a notice; a second time changes nothing."""
        ...


@dataclass(frozen=True)
class MailPrivacy:
    """The privacy notice in one mail."""

    notice: PrivacyNotice
    is_first: bool
    """Whether it is the first mail with this notice to its reader: it then has the whole."""


class MailPrivacyNotices:
    """Finds the privacy notice of each mail; `now` is wall time."""

    def __init__(self, store: PrivacyStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._notices: Sequence[PrivacyNotice] = ()
        self._read_at: datetime | None = None
        self._rehearsed: set[Informed] = set()
        """Who had a notice in a mail of a rehearsal, which they have not read."""

    async def of(self, mails: Sequence[Digest]) -> Mapping[str, MailPrivacy]:
        """Returns what stands in these mails, by Message-ID; most often nothing is asked."""
        notices = await self._current() if mails else ()
        found = {
            mail.message_id: notice
            for mail in mails
            if (notice := _notice_of(mail, notices)) is not None
        }
        if not found:
            return {}
        readers = {mail.rows[0].person.person for mail in mails}
        informed = set(await self._store.informed(readers, InformedBy.MAIL))
        privacy: dict[str, MailPrivacy] = {}
        for mail in mails:
            if (notice := found.get(mail.message_id)) is not None:
                known = self._rehearsed if mail.rows[0].rehearsal else informed
                is_first = _is_first(mail, notice, known)
                privacy[mail.message_id] = MailPrivacy(notice, is_first)
                if is_first:  # of several mails at once, one has it
                    known.add(Informed(mail.rows[0].person.person, notice.id))
        return privacy

    async def note_sent(self, mail: Digest, privacy: MailPrivacy | None) -> None:
        """Note that a mail went out with the whole notice; in a rehearsal nobody reads it."""
        if privacy is None or not privacy.is_first or mail.rows[0].rehearsal:
            return
        reader = mail.rows[0].person.person
        await self._store.note_informed(reader, privacy.notice.id, InformedBy.MAIL)

    async def _current(self) -> Sequence[PrivacyNotice]:
        now = self._now()
        if self._read_at is None or not (
            timedelta(0) <= now - self._read_at < READ_AGAIN_AFTER
        ):
            self._notices, self._read_at = await self._store.shown(), now
        return self._notices


def _notice_of(mail: Digest, notices: Sequence[PrivacyNotice]) -> PrivacyNotice | None:
    first = mail.rows[0]
    return notice_for(notices, first.programme, first.person.region)


def _is_first(mail: Digest, notice: PrivacyNotice, known: Collection[Informed]) -> bool:
    """Whoever reads a former address may be somebody else: nobody is informed by it."""
    first = mail.rows[0]
    if first.notice.to is Recipient.FORMER_ADDRESS:
        return False
    return Informed(first.person.person, notice.id) not in known
