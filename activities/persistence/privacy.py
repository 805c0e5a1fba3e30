"""The organisation's privacy notices, and who was shown which."""

from collections.abc import Collection

from activities.persistence.database import Repository
from schemas.records.privacy import (
    Informed,
    InformedBy,
    NoticeWords,
    PrivacyNotice,
)


class PrivacyNotices(Repository):
    """Notices that are shown now, by programme and region."""

    async def shown(self) -> list[PrivacyNotice]:
        """Returns all that are shown now."""
        rows = await self._database.rows("privacy_notices")
        return [PrivacyNotice.model_validate(dict(row)) for row in rows]

    async def show(
        self, programme: str | None, region: str | None, words: NoticeWords, by: str
    ) -> bool:
        """Show a notice from now on, in place of the one before. False: it is that one."""
        async with self._database.transaction() as transaction:
            await transaction.value("lock_privacy_notices")
            for row in await transaction.rows("privacy_notices"):
                notice = PrivacyNotice.model_validate(dict(row))
                same = (notice.programme, notice.region) == (programme, region)
                if same and notice.words == words:
                    return False
            await transaction.execute(
                "end_privacy_notice", programme=programme, region=region
            )
            await transaction.execute(
                "add_privacy_notice",
                programme=programme,
                region=region,
                set_by=by,
                **words._asdict(),
            )
        return True

    async def remove(self, programme: str | None, region: str | None) -> bool:
        """Show it no more. False: there is none."""
        ended = await self._database.execute(
            "end_privacy_notice", programme=programme, region=region
        )
        return ended > 0

    async def informed(self, persons: Collection[str], by: InformedBy) -> set[Informed]:
        """Returns who of these was shown which notice, in one way."""
        rows = await self._database.rows(
            "informed_people", persons=list(persons), way=by.value
        )
        return {Informed(row["person"], row["notice"]) for row in rows}

    async def informed_counts(self, notice: int) -> dict[InformedBy, int]:
        """Returns how many people were shown a notice, by way."""
        rows = await self._database.rows("informed_counts", notice=notice)
        return {InformedBy(row["way"]): row["people"] for row in rows}

    async def note_informed(self, person: str, notice: int, by: InformedBy) -> None:
        """Note that somebody was shown a notice; a second time changes nothing."""
        await self._database.execute(
            "note_informed", person=person, notice=notice, way=by.value
        )
