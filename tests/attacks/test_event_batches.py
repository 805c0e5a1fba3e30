"""Batches of events: as many as are allowed, and each as wrong as can be."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from threading import get_ident
from typing import Any

import pytest

from activities.persistence.people import updates
from activities.persistence.store import Store
from domain.people.person_updates import PeopleMerge
from gateway.events import checking, reading
from schemas.people import PersonUpdate
from tests.attacks.counting import counted
from tests.unit.gateway.factories import House

HEADERS = {
    "authorization": "Bearer token-lms",
    "content-type": reading.BATCH,
}


def events(count: int, **changes: Any) -> bytes:
    one = {
        "specversion": "1.0",
        "source": "/lms",
        "type": "binome.module_completed.v1",
        "subject": "x-ana",
        **changes,
    }
    return json.dumps([{**one, "id": str(number)} for number in range(count)]).encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (events(1_001), 413),
        (b"[" * 100_000, 413),
        (b'{"a":' * 80_000, 413),
        (b"[" * 15_000, 400),
        (b'{"a":' * 15_000, 400),
        (b"[" + b"1" * 100_000 + b"]", 400),
        (b"[[]" + b",[]" * 999 + b"]", 422),
        (events(1_000, data={f"f{n}": n for n in range(5)}), 422),
        (json.dumps([{f"f{n}": n for n in range(30_000)}]).encode(), 422),
    ],
)
async def test_nonsense_of_any_shape_is_refused(
    at_home: House, body: bytes, status: int
) -> None:
    answer = await at_home.browser.post("/events", content=body, headers=HEADERS)
    assert answer.status_code == status


async def test_of_a_thousand_wrong_types_the_first_are_compared(
    at_home: House,
) -> None:
    body = events(1_000, type="binome.module_complete.v1")
    with counted(checking, "nearest") as compared:
        answer = await at_home.browser.post("/events", content=body, headers=HEADERS)
    assert (answer.status_code, compared.count) == (422, reading.MOST_PROBLEMS)
    assert len(answer.json()["errors"]) == reading.MOST_PROBLEMS


async def test_of_a_thousand_wrong_envelopes_the_first_are_listed(
    at_home: House,
) -> None:
    body = json.dumps([{}] * 1_000).encode()
    with counted(reading, "problems_of") as described:
        answer = await at_home.browser.post("/events", content=body, headers=HEADERS)
    assert (answer.status_code, described.count) == (422, reading.MOST_PROBLEMS // 5)
    assert len(answer.json()["errors"]) == reading.MOST_PROBLEMS


@pytest.mark.parametrize(
    "windows", [[{"a": 1}] * 8_000, ["x"] * 50_000, {str(n): n for n in range(9_000)}]
)
async def test_an_event_is_not_wrong_in_thousands_of_places(
    at_home: House, windows: object
) -> None:
    """Eight thousand windows, each wrong in three ways, were listed for 0.8 seconds."""
    body = events(1, type="binome.windows_given.v1", data={"windows": windows})
    with counted(checking, "problems_of") as described:
        answer = await at_home.browser.post("/events", content=body, headers=HEADERS)
    assert (answer.status_code, described.count) == (422, 0)
    assert answer.json()["errors"][0]["what"].startswith("too large")


async def test_no_batch_of_people_is_read_on_the_loop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand people have 40,000 windows: a third of a second of pydantic."""
    threads: set[int] = set()

    def noting(original: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any) -> Any:
            threads.add(get_ident())
            return original(*args)

        return noted

    for holder, name in (
        (updates, "_known_people"),
        (PeopleMerge, "add_all"),
        (PeopleMerge, "check_lines"),
    ):
        monkeypatch.setattr(holder, name, noting(getattr(holder, name)))
    cells = {"name": "Ana", "email": "ana@example.org", "region": "comex"}
    update = PersonUpdate(key="e1", external_id="x1", source="hr", cells=cells)
    await store.people_updates.apply([update], [], datetime.now(UTC))
    assert threads and get_ident() not in threads
