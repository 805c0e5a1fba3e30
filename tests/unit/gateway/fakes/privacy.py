"""Privacy notices, kept in place of PostgreSQL."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

from activities.persistence.privacy import PrivacyNotices
from schemas.records.privacy import Informed, InformedBy, NoticeWords, PrivacyNotice

SET_AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


class FakePrivacyNotices(PrivacyNotices):
    """Notices in a list, and who was shown which, in which way."""

    def __init__(self) -> None:
        self.notices: list[PrivacyNotice] = []
        self.known: set[tuple[Informed, InformedBy]] = set()
        self.set_before = 0

    async def shown(self) -> list[PrivacyNotice]:
        return self.notices

    async def show(
        self, programme: str | None, region: str | None, words: NoticeWords, by: str
    ) -> bool:
        self.set_before += 1
        await self.remove(programme, region)
        self.notices.append(
            PrivacyNotice(
                id=self.set_before,
                programme=programme,
                region=region,
                set_at=SET_AT,
                set_by=by,
                **words._asdict(),
            )
        )
        return True

    async def remove(self, programme: str | None, region: str | None) -> bool:
        kept = [
            n for n in self.notices if (n.programme, n.region) != (programme, region)
        ]
        removed = len(kept) < len(self.notices)
        self.notices = kept
        return removed

    async def informed(self, persons: Collection[str], by: InformedBy) -> set[Informed]:
        return {one for one, way in self.known if one.person in persons and way is by}

    async def informed_counts(self, notice: int) -> dict[InformedBy, int]:
        return dict(Counter(way for one, way in self.known if one.notice == notice))

    async def note_informed(self, person: str, notice: int, by: InformedBy) -> None:
        self.known.add((Informed(person, notice), by))
