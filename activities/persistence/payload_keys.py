"""Payload keys by their ids, and which part has which."""

from collections.abc import Sequence
from typing import Literal

from activities.persistence.database import Repository
from schemas.records.payload_keys import KeyUse, PayloadKeyHolding

Part = Literal["worker", "gateway"]


class PayloadKeys(Repository):
    """Ids alone: the keys are settings of the processes."""

    async def announce(
        self, part: Part, encrypts: str | None, keys: Sequence[str]
    ) -> None:
        """Register the keys of a process that starts, and withdraw those that it no longer has."""
        async with self._database.transaction() as transaction:
            for key_id in keys:
                use = KeyUse.ENCRYPTS if key_id == encrypts else KeyUse.DECRYPTS
                await transaction.execute(
                    "announce_payload_key", part=part, key_id=key_id, use=use.value
                )
            await transaction.execute(
                "withdraw_payload_keys", part=part, kept=list(keys)
            )

    async def is_registered(self, key_id: str) -> bool:
        """Whether worker or gateway has, or ever had, this key."""
        found: bool = await self._database.value(
            "payload_key_is_registered", key_id=key_id
        )
        return found

    async def listing(self) -> list[PayloadKeyHolding]:
        return [
            PayloadKeyHolding.model_validate(dict(row))
            for row in await self._database.rows("payload_keys")
        ]
