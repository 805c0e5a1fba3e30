"""What ops read when the Web UI refuses an update: where, what, and what is allowed."""

from typing import Any

import pytest
from pydantic import BaseModel

from schemas.events import MatchAgreed
from schemas.pair_updates import EndPair, RescheduleSession, WaiveGateItem
from schemas.rollout import TickNeed
from workflows.reading import MessageRefused, read


@pytest.mark.parametrize(
    ("model", "payload", "message"),
    [
        (RescheduleSession, {}, "session: missing; it is needed"),
        (
            EndPair,
            {"reason": "theo-burnout"},
            "reason: not allowed; allowed: asked, agendas, cancelled, mistake",
        ),
        (
            WaiveGateItem,
            {"item": "quiz", "reason": "asked"},
            "item: not allowed; allowed: windows, rehearsal, sign_off",
        ),
        (
            MatchAgreed,
            {"side": "boss", "mentee": "p" + "a" * 13},
            "side: not allowed; allowed: mentor or mentee",
        ),
        (
            MatchAgreed,
            {"side": "mentor", "mentee": "bob"},
            "mentee: not the id of a person",
        ),
        (TickNeed, {"regin": "est"}, "regin: unknown; did you mean region?"),
    ],
)
def test_a_refusal_says_what_is_allowed(
    model: type[BaseModel], payload: dict[str, Any], message: str
) -> None:
    with pytest.raises(MessageRefused) as refusal:
        read(model, [payload], strict=True)
    assert str(refusal.value).startswith(message)
