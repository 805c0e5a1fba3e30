"""Pairs whose pages are opened, and buttons that are pressed there."""

from datetime import timedelta
from typing import Any

import httpx

from schemas.events import Held, InvitationAnswer, InvitationAnswered
from tests.support.lives import Life, a_pair
from tests.unit.gateway.factories import (
    POLICY,
    House,
    proposed,
)

MONDAY_MORNING = {"from-0-0": "09:00", "to-0-0": "12:00"}


GATE_OPEN = {"action": "volunteer", "charter": "yes", **MONDAY_MORNING}


def fresh() -> Life:
    return Life(a_pair(POLICY))


def over(policy: dict[str, object] | None = None) -> Life:
    return (
        proposed(policy)
        .on(InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES))
        .wait(timedelta(days=10))
    )


def held() -> Life:
    return over().on(Held(session=1))


def last_held() -> Life:
    """The only session was held."""
    return over({**POLICY, "sessions": {"count": 1}}).on(Held(session=1))


async def press(house: House, path: str, **form: Any) -> httpx.Response:
    return await house.browser.post(path, data=form)
