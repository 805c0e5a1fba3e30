"""Keys that come, go and are missing, while a pair lives."""

from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import RawValue

from activities.persistence.store import Store
from schemas.stages import Stage
from tests.integration.encryption.conftest import EncryptedPair, key_ids
from tests.support.encryption import (
    FIRST,
    FIRST_ID,
    SECOND,
    SECOND_ID,
    payloads_in,
    ring,
)
from tests.support.played import MENTEE
from tests.support.waiting import until
from tests.workflows.test_pair import PAIR
from workers.client import register_keys
from workers.payload_codec import ENCODING, KEY_ID, EncryptingCodec

VOLUNTEERED = ("volunteered", {"windows": True, "charter": True})
SIGN_OFF = ("sign_off", {"rehearsed": True})
MATCHED = ("matched", {"mentee": MENTEE})


async def test_keys_are_rotated_without_a_stop(encrypted: EncryptedPair) -> None:
    """Each process gets the new key behind the old one, then before it; a client may be one step ahead."""
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
    async with encrypted.worker(FIRST, SECOND):
        client = encrypted.client(SECOND, FIRST)
        await encrypted.pair(client).signal(*VOLUNTEERED)
        await encrypted.quiet()
    async with encrypted.worker(SECOND, FIRST) as client:
        await encrypted.pair(client).execute_update(*SIGN_OFF)
        await encrypted.quiet()
        assert (await encrypted.state(client)).stage is Stage.MATCHING
    assert key_ids(await encrypted.events()) == {FIRST_ID, SECOND_ID}


async def test_an_old_history_is_read_as_long_as_its_key_is_kept(
    encrypted: EncryptedPair,
) -> None:
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
        await encrypted.pair(client).signal(*VOLUNTEERED)
        await encrypted.quiet()
        before = await encrypted.state(client)
    async with encrypted.worker(SECOND, FIRST) as client:
        assert await encrypted.state(client) == before


@pytest.mark.parametrize("keys", [(), (SECOND,), ("plain", SECOND)])
async def test_a_worker_without_the_key_holds_a_pair_and_loses_nothing(
    encrypted: EncryptedPair, keys: tuple[str, ...]
) -> None:
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
        await encrypted.quiet()
    await encrypted.pair(client).signal(*VOLUNTEERED)
    async with encrypted.worker(*keys):
        await encrypted.is_held()
    described = await encrypted.pair(client).describe()
    assert described.status is WorkflowExecutionStatus.RUNNING
    async with encrypted.worker(SECOND, FIRST) as client:
        await encrypted.pair(client).execute_update(*SIGN_OFF)
        assert (await encrypted.state(client)).stage is Stage.MATCHING
    assert not encrypted.offices.kept


async def test_a_pair_whose_start_a_worker_cannot_read_waits_for_the_key(
    encrypted: EncryptedPair,
) -> None:
    await encrypted.start(encrypted.client(FIRST))
    async with encrypted.worker():
        await encrypted.is_held()
    async with encrypted.worker(FIRST) as client:
        assert (await encrypted.state(client)).stage is Stage.TRAINING


async def test_a_worker_names_the_key_that_it_misses(encrypted: EncryptedPair) -> None:
    await encrypted.start(encrypted.client(FIRST))
    async with encrypted.worker():
        await encrypted.is_held()
    held = next(
        event.workflow_task_failed_event_attributes.failure.message
        for event in await encrypted.events()
        if event.HasField("workflow_task_failed_event_attributes")
    )
    assert FIRST_ID in held and "BINOME_PAYLOAD_KEYS" in held


async def test_a_key_that_only_the_gateway_has_holds_a_pair_until_the_worker_has_it(
    encrypted: EncryptedPair, store: Store
) -> None:
    """The one of them that was started first learns from PostgreSQL that the key is one of ours."""
    worker = await register_keys(encrypted.client(FIRST), "worker", store.payload_keys)
    async with encrypted.worker_of(worker):
        await encrypted.start(worker)
        await encrypted.quiet()
        gateway = encrypted.client(SECOND, FIRST)
        gateway = await register_keys(gateway, "gateway", store.payload_keys)
        await encrypted.pair(gateway).signal(*VOLUNTEERED)
        await encrypted.is_held()
    async with encrypted.worker(FIRST, SECOND):
        await encrypted.pair(gateway).execute_update(*SIGN_OFF)
        assert (await encrypted.state(gateway)).stage is Stage.MATCHING


async def test_encryption_ends_with_the_word_plain_before_the_keys(
    encrypted: EncryptedPair,
) -> None:
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
        await encrypted.quiet()
    before = len(await encrypted.events())
    async with encrypted.worker("plain", FIRST) as client:
        await encrypted.pair(client).signal(*VOLUNTEERED)
        await encrypted.quiet()
    later = (await encrypted.events())[before:]
    found = {p.metadata["encoding"] for event in later for p in payloads_in(event)}
    assert found and ENCODING not in found


async def forged(key: str, **changed: bytes) -> RawValue:
    """A payload that says it is encrypted, and that no process of ours made."""
    (sealed,) = await EncryptingCodec(ring(key)).encode([Payload(data=b"{}")])
    metadata = {"encoding": ENCODING, KEY_ID: sealed.metadata[KEY_ID]}
    data = changed.get("data", sealed.data)
    if "key_id" in changed:
        metadata[KEY_ID] = changed["key_id"]
    return RawValue(Payload(metadata=metadata, data=data))


async def test_what_nobody_can_decrypt_is_refused_in_words_and_holds_nothing(
    encrypted: EncryptedPair,
) -> None:
    foreign = "foreign-" + "k" * 32
    sent: list[Any] = [
        await forged(foreign),
        await forged(foreign, key_id=FIRST_ID.encode()),
        await forged(FIRST, data=b"x" * 100),
        await forged(FIRST, data=b""),
        await forged(FIRST, key_id=b""),
        await forged(FIRST, key_id=b"\xff\xfe"),
    ]
    outsider = encrypted.pair(encrypted.server.client)
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
        for each in sent:
            await outsider.signal("volunteered", each)

        async def all_kept() -> bool:
            return len(encrypted.offices.kept) == len(sent)

        await until(all_kept)
        assert (await encrypted.state(client)).stage is Stage.TRAINING
    assert {message.name for message in encrypted.offices.kept} == {"volunteered"}
    assert all(
        "encrypted, and not with a key of this installation" in message.reason
        for message in encrypted.offices.kept
    )


async def test_a_start_that_nobody_can_decrypt_ends_in_words(
    encrypted: EncryptedPair,
) -> None:
    async with encrypted.worker(FIRST) as client:
        handle = await encrypted.server.client.start_workflow(
            "PairWorkflow",
            await forged("foreign-" + "k" * 32),
            id=PAIR.workflow_id,
            task_queue="binome",
        )

        async def ended() -> bool:
            status = (await handle.describe()).status
            return status is WorkflowExecutionStatus.FAILED

        await until(ended)
        with pytest.raises(Exception) as caught:
            await client.get_workflow_handle(PAIR.workflow_id).result()
    assert "not with a key of this installation" in str(caught.value.__cause__)
