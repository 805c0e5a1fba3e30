"""What people write on their pages that no workflow may read."""

from activities.persistence.database import Repository
from schemas.events import Side
from schemas.ids import PairRef
from schemas.records.comments import Comment


class PulsesAndOffers(Repository):
    """Pulses, and what mentors offer to do next."""

    async def save_pulse(
        self,
        pair: PairRef,
        session: int,
        side: Side,
        person: str,
        score: int,
        idea: str,
        comment: str,
        wants_help: bool,
    ) -> bool:
        """Keep it, once a session and side; False: another one was kept before, and counts."""
        pulse = {
            "pair": pair.workflow_id, "session": session, "side": side.value, "score": score,
            "idea": _storable(idea), "comment": _storable(comment), "wants_help": wants_help,
        }  # fmt: skip
        about = {
            "programme": pair.programme,
            "region": pair.region,
            "wave": pair.wave,
            "person": person,
        }
        if await self._database.execute("save_pulse", **pulse, **about):
            return True
        return bool(await self._database.value("same_pulse", **pulse))

    async def regions_with_comments(self) -> list[tuple[str, str]]:
        """Returns (programme, region) of each region in which somebody wrote a comment."""
        rows = await self._database.rows("regions_with_comments")
        return [(row["programme"], row["region"]) for row in rows]

    async def comments(self, programme: str, region: str, limit: int) -> list[Comment]:
        """Comments of a region with their authors, newest first: for its trusted contact alone."""
        rows = await self._database.rows(
            "comments_of", programme=programme, region=region, most=limit
        )
        return [Comment.model_validate(dict(row)) for row in rows]

    async def pulses_given(self, pair: str, person: str) -> tuple[int, ...]:
        """Numbers of the sessions of a pair after which a person gave a pulse."""
        rows = await self._database.rows("pulses_given", pair=pair, person=person)
        return tuple(row["session"] for row in rows)

    async def save_offer(
        self, person: str, pair: PairRef, offer: str, word_to_manager: bool
    ) -> None:
        """Keep what a mentor wants to do next (supervise, open_region or rest), and
        whether to notify the manager.
        """
        await self._database.execute(
            "save_offer",
            pair=pair.workflow_id,
            person=person,
            offer=offer,
            word_to_manager=word_to_manager,
        )


def _storable(text: str) -> str:
    """Free text as PostgreSQL can keep it: the one character that it has no place for is left out."""
    return text.replace("\0", "")
