"""What a workflow could not take is counted to the last message, however many come at once."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from temporalio import workflow

from schemas.effects import RefusedMessage, RefusedMessagesState
from workflows.receiving import RefusedMessages

AT = datetime(2027, 1, 11, 10, tzinfo=UTC)


def refused(name: str) -> RefusedMessage:
    return RefusedMessage(
        at=AT, name=name, reason="unknown signal with 1 payloads; known: held"
    )


def flooded(*unsaved: str, more: int) -> RefusedMessages:
    return RefusedMessages(
        RefusedMessagesState(
            refused=(refused("last"),), unsaved=tuple(map(refused, unsaved)), more=more
        )
    )


def test_those_that_came_while_a_flood_was_written_down_are_written_down_next() -> None:
    inbox = flooded("a", "b", more=3)
    first = inbox.waiting()
    inbox.more += 4
    inbox.written(first)
    (rest,) = inbox.waiting()
    assert (rest.name, rest.reason) == ("more", "4 more in the same moment")
    inbox.unsaved.append(refused("c"))
    inbox.written([rest])
    assert [message.name for message in inbox.waiting()] == ["c"]


def test_what_is_only_counted_waits_to_be_written_down_too() -> None:
    assert (
        flooded(more=3).waits
        and flooded("a", more=0).waits
        and not flooded(more=0).waits
    )


def test_a_message_that_is_called_more_counts_as_one() -> None:
    inbox = flooded("a", "more", more=0)
    inbox.written(inbox.waiting())
    assert inbox.waiting() == ()


def test_the_same_mistake_twice_in_one_moment_is_two_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workflow, "now", lambda: AT)
    monkeypatch.setattr(
        workflow, "logger", SimpleNamespace(warning=lambda *_, **__: None)
    )
    inbox = RefusedMessages()
    for _ in range(3):
        inbox.refuse("held", "session: missing; it is needed")
    assert len({message.at for message in inbox.waiting()}) == 3
