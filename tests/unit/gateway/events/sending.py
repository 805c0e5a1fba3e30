"""Events as a service sends them."""

from typing import Any

import httpx

from gateway.events.reading import STRUCTURED
from tests.support.lives import PAIR
from tests.unit.gateway.events.test_reading import EVENT
from tests.unit.gateway.factories import House

WINDOW = {"day": 1, "start": 540, "end": 600}


OTHER_PAIR = PAIR.model_copy(update={"seat": 2})


async def send(
    house: House,
    event: Any,
    token: str = "token-lms",
    media: str = STRUCTURED,
    **query: str,
) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "content-type": media}
    return await house.browser.post(
        "/events", json=event, headers=headers, params=query
    )


def event(
    kind: str, data: dict[str, Any], subject: str = "x-ana", **more: Any
) -> dict[str, Any]:
    return {
        **EVENT,
        "type": f"binome.{kind}.v1",
        "subject": subject,
        "data": data,
        **more,
    }


def paths(answer: httpx.Response) -> list[str]:
    return [problem["path"] for problem in answer.json()["errors"]]
