"""The learning platform: says which modules were finished, as any service would."""

import asyncio
from collections.abc import Sequence

import httpx


class LearningPlatform:
    """Sends CloudEvents. The same completion has the same id, so that it counts once however often it is sent."""

    def __init__(
        self, client: httpx.AsyncClient, token: str, modules: Sequence[str], day: float
    ) -> None:
        self._client, self._token, self._modules, self._day = (
            client,
            token,
            modules,
            day,
        )

    async def study(self, external_id: str, days: float) -> None:
        """Complete one module after the other; each takes `days` of the programme."""
        for module in self._modules:
            await asyncio.sleep(days * self._day)
            await self._complete(external_id, module)

    async def complete_all(self, external_id: str) -> None:
        for module in self._modules:
            await self._complete(external_id, module)

    async def _complete(self, external_id: str, module: str) -> None:
        event = {
            "specversion": "1.0",
            "id": f"completion-{external_id}-{module}",
            "source": "/demo/learning",
            "type": "binome.module_completed.v1",
            "subject": external_id,
            "data": {"module": module},
        }
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/cloudevents+json",
        }
        (
            await self._client.post("/events", json=event, headers=headers)
        ).raise_for_status()
