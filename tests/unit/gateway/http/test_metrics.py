"""Numbers for Prometheus: what is counted, what is read, and what never is."""

from datetime import UTC, datetime
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from schemas.records.listings import RefusedListing
from schemas.records.queues import QueueBacklog, QueuesSeen
from tests.support.lives import MONDAY
from tests.unit.gateway.events.sending import event, send
from tests.unit.gateway.events.test_reading import EVENT
from tests.unit.gateway.factories import PAIR_ID, House, house
from tests.unit.gateway.pages.pressing import held

Samples = dict[tuple[str, ...], float]


async def numbers(at_home: House) -> Samples:
    """Each sample by its name and the values of its labels, in the order of their names."""
    text = (await at_home.browser.get("/metrics")).text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_what_postgresql_and_temporal_know_is_shown(at_home: House) -> None:
    await send(at_home, EVENT)
    at_home.store.refused_messages.messages = [
        RefusedListing(workflow_id=PAIR_ID, name="x", reason="unknown_name", at=MONDAY)
    ]
    backlog = QueueBacklog(queue="binome", kind="workflow", tasks=3, seconds=9.5)
    at_home.gateway.queues.seen = QueuesSeen(backlogs=(backlog,))
    found = await numbers(at_home)
    expected = {
        ("binome_events", "stored"): 1,
        ("binome_notices", "sent"): 3,
        ("binome_drift", "stuck"): 0,
        ("binome_refused_messages",): 1,
        ("binome_overdue_seconds", "mails"): 7,
        ("binome_reconciler_looks",): 12,
        ("binome_queue_tasks", "workflow", "binome", ""): 3,
        ("binome_queue_age_seconds", "workflow", "binome", ""): 9.5,
        ("binome_database_connections", "idle"): 2,
        ("binome_writes",): 1,
    }
    assert {name: found[name] for name in expected} == expected


async def test_events_count_by_type_each_once(at_home: House) -> None:
    for _ in range(2):
        await send(at_home, EVENT)
    found = await numbers(at_home)
    name = "binome_events_received_total"
    assert found[name, "stored", EVENT["type"]] == 1
    assert found[name, "repeated", EVENT["type"]] == 1


async def test_requests_are_measured_by_route_and_never_by_address(
    at_home: House,
) -> None:
    await at_home.browser.get("/q/a-secret-link")
    await at_home.browser.get("/nothing/here")
    text = (await at_home.browser.get("/metrics")).text
    assert 'method="GET",route="/q/{token}",status="4xx"' in text
    assert 'route="none"' in text
    assert "secret" not in text and "nothing" not in text


async def test_decisions_are_counted_by_what_was_asked_for(at_home: House) -> None:
    await at_home.browser.post("/runs/look")
    name = "binome_decisions_total"
    assert (await numbers(at_home))[name, "carried_out", "run_reconciler"] == 1


ABOUT_SESSIONS: dict[str, dict[str, Any]] = {
    "answered": {"session": 1, "sequence": 0, "answer": "yes"},
    "held": {"session": 1, "held": True},
    "pulse_received": {"session": 1, "score": 5},
}


async def counted_after(kind: str) -> Samples:
    """All that is counted once an event came and was delivered, but times."""
    async with house() as made:
        made.put(held())
        sent = await send(made, event(kind, ABOUT_SESSIONS[kind]))
        assert sent.status_code == 202, sent.text
        await made.gateway.dispatcher.once(datetime.now(UTC))
        return {
            name: value
            for name, value in (await numbers(made)).items()
            if not name[0].startswith("process_")
            and not name[0].endswith(("_sum", "_bucket"))
        }


async def test_a_pulse_is_counted_as_any_other_event_about_a_session() -> None:
    found = [await counted_after(kind) for kind in ABOUT_SESSIONS]
    assert found[0] == found[1] == found[2]
    assert found[0]["binome_events_received_total", "stored", "about sessions"] == 1
