"""What Temporal keeps of a pair and of a programme, under an encrypting codec."""

import pytest
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from gateway.temporal import UpdateRejected, WorkflowClient
from schemas.ids import TASK_QUEUE
from schemas.programme import CheckResult
from tests.integration.encryption.conftest import EncryptedPair
from tests.support.encryption import FIRST, payloads_in
from tests.support.played import MENTEE
from tests.support.waiting import until
from tests.workflows.test_pair import PAIR
from workers.payload_codec import ENCODING


async def play(encrypted: EncryptedPair) -> None:
    """A pair that is started, signalled, decided about, refused something, and asked."""
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
        pair = encrypted.pair(client)
        await pair.signal("volunteered", {"windows": True, "charter": True})
        await pair.execute_update("sign_off", {"rehearsed": True})
        await pair.signal("matched", {"mentee": MENTEE})
        with pytest.raises(WorkflowUpdateFailedError):
            await pair.execute_update("waive", {"item": "x", "reason": "unheard_of"})
        await pair.signal("held", {"session": "unheard_of"})
        assert (await encrypted.state(client)).match is not None
        await until(lambda: _has_kept(encrypted))
        await encrypted.quiet()


async def _has_kept(encrypted: EncryptedPair) -> bool:
    return bool(encrypted.offices.kept)


async def test_a_history_holds_no_payload_in_plain_text(
    encrypted: EncryptedPair,
) -> None:
    await play(encrypted)
    events = await encrypted.events()
    payloads = [payload for event in events for payload in payloads_in(event)]
    assert len(payloads) > 10
    assert {payload.metadata["encoding"] for payload in payloads} == {ENCODING}
    everything = b"".join(event.SerializeToString() for event in events)
    for word in (MENTEE, "unheard_of", "windows", "policy", "charter"):
        assert word.encode() not in everything


async def test_workflow_ids_and_search_attributes_stay_readable(
    encrypted: EncryptedPair,
) -> None:
    await play(encrypted)
    query = f'WorkflowId = "{PAIR.workflow_id}" AND Stage = "matching"'

    async def found() -> bool:
        return (await encrypted.server.client.count_workflows(query)).count > 0

    await until(found)


async def test_a_failure_is_encoded_and_reads_well_with_the_key(
    encrypted: EncryptedPair,
) -> None:
    async with encrypted.worker(FIRST) as client:
        with pytest.raises(WorkflowFailureError) as caught:
            await client.execute_workflow(
                "ProgrammeWorkflow",
                "no document",
                id="wrong",
                task_queue=TASK_QUEUE,
            )
    assert isinstance(caught.value.cause, ApplicationError)
    assert "Nothing was sent." in caught.value.cause.message
    plain = encrypted.server.client.get_workflow_handle("wrong")
    kept = "".join(map(str, (await plain.fetch_history()).events))
    assert "Encoded failure" in kept and "Nothing was sent" not in kept


async def test_a_refused_update_is_told_in_words_to_the_gateway(
    encrypted: EncryptedPair,
) -> None:
    async with encrypted.worker(FIRST) as client:
        await encrypted.start(client)
        with pytest.raises(UpdateRejected, match="resume"):
            await WorkflowClient(client).update(PAIR.workflow_id, "resume", {}, None)


async def test_a_programme_typed_into_the_web_ui_starts_in_plain_json(
    encrypted: EncryptedPair,
) -> None:
    typed = {"programme": "ours", "starts_on": "2090-01-09", "check_only": True}
    async with encrypted.worker(FIRST) as client:
        await encrypted.server.client.start_workflow(
            "ProgrammeWorkflow",
            {**typed, "regions": [{"region": "comex"}]},
            id="typed",
            task_queue=TASK_QUEUE,
        )
        handle = client.get_workflow_handle("typed", result_type=CheckResult)
        assert (await handle.result()).ok
