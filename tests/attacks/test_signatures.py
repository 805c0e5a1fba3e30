"""Row 5 of the security review, where a service signs: signatures that are forged, old, or another's."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from activities.persistence.messages.sources import SealedSecret, opened_secrets
from activities.persistence.store import Store
from tests.attacks.senders import KEY, LEARNING_PLATFORM, Sender, gateway_of
from tests.support.world import World

SECRET = b"s" * 32
EVENT = json.dumps(
    {
        "specversion": "1.0",
        "id": "1",
        "source": "/attack",
        "type": "binome.module_completed.v1",
        "subject": "ANNA",
        "data": {"module": "listening"},
    }
).encode()


@pytest.fixture
async def signing(store: Store) -> AsyncIterator[Sender]:
    world = await World.make(store)
    secret = SealedSecret(SECRET, KEY)
    await store.sources.add("attacker", LEARNING_PLATFORM, None, secret)
    async with gateway_of(store) as http:
        yield Sender(http, world, "")


async def test_a_signature_is_accepted_and_its_use_noted(signing: Sender) -> None:
    answer = await signing.post_signed(EVENT, SECRET)
    (known,) = await signing.world.store.sources.listing()
    assert (answer.status_code, known.signed) == (202, True)
    assert known.last_used_at is not None


@pytest.mark.parametrize(
    ("secret", "body", "minutes", "headers"),
    [
        (b"x" * 32, EVENT, 0, {}),  # another secret
        (SECRET, EVENT, 6, {}),  # an old request again
        (SECRET, EVENT, -6, {}),  # one for later
        (SECRET, EVENT, 0, {"webhook-id": "msg_2"}),  # another message
        (SECRET, EVENT, 0, {"webhook-timestamp": "9" * 5000}),
        (SECRET, EVENT, 0, {"webhook-signature": ""}),
        (SECRET, EVENT, 0, {"webhook-signature": "v1," + "A" * 44}),
        (SECRET, EVENT, 0, {"webhook-signature": "v1, " * 5000}),
    ],
)
async def test_a_forged_or_repeated_signature(
    signing: Sender, secret: bytes, body: bytes, minutes: int, headers: dict[str, str]
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    answer = await signing.post_signed(body, secret, at, **headers)
    assert answer.status_code == 401


async def test_a_body_that_is_changed_after_it_was_signed(signing: Sender) -> None:
    signed = await signing.post_signed(EVENT, SECRET)
    headers = dict(signed.request.headers)
    changed = EVENT.replace(b"ANNA", b"COAC")
    answer = await signing.http.post(
        "/events", content=changed, headers=headers, params={"source": "attacker"}
    )
    assert answer.status_code == 401


async def test_a_secret_that_was_copied_to_another_source(
    signing: Sender,
) -> None:
    """Sealed for one name, it opens under no other, nor with another installation's key."""
    signed = await signing.world.store.sources.signed("attacker")
    moved = [
        each.model_copy(
            update={"source": each.source.model_copy(update={"name": "hr"})}
        )
        for each in signed
    ]
    assert list(opened_secrets(signed, [b"x" * 32, KEY])) == [SECRET]
    assert list(opened_secrets(moved, [KEY])) == []
    assert list(opened_secrets(signed, [b"x" * 32])) == []
