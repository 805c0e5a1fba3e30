"""What a workflow could not take is counted to the last message, however many come at once."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from temporalio import workflow

from schemas.effects import RefusedMessage, RefusedMessagesState
from workflows.refused_messages import RefusedMessages

AT = datetime(2027, 1, 11, 10, tzinfo=UTC)


def refused(name: str) -> RefusedMessage:
    return RefusedMessage(
        at=AT, name=name, reason="unknown signal with 1 payloads; known: held"
    )


def flooded(*unsaved: str, omitted: int) -> RefusedMessages:
    return RefusedMessages(
        RefusedMessagesState(
            shown=(refused("last"),),
            unsaved=tuple(map(refused, unsaved)),
            omitted=omitted,
        )
    )


def test_those_that_came_while_a_flood_was_written_down_are_written_down_next() -> None:
    messages = flooded("a", "b", omitted=3)
    first = messages.to_save()
    messages.omitted += 4
    messages.mark_saved(first)
    (rest,) = messages.to_save()
    assert (rest.name, rest.reason) == ("more", "4 more in the same moment")
    messages.unsaved.append(refused("c"))
    messages.mark_saved([rest])
    assert [message.name for message in messages.to_save()] == ["c"]


def test_what_is_only_counted_waits_to_be_written_down_too() -> None:
    assert (
        flooded(omitted=3).has_unsaved
        and flooded("a", omitted=0).has_unsaved
        and not flooded(omitted=0).has_unsaved
    )


def test_a_message_that_is_called_more_counts_as_one() -> None:
    messages = flooded("a", "more", omitted=0)
    messages.mark_saved(messages.to_save())
    assert messages.to_save() == ()


def test_the_same_mistake_twice_in_one_moment_is_two_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workflow, "now", lambda: AT)
    monkeypatch.setattr(
        workflow, "logger", SimpleNamespace(warning=lambda *_, **__: None)
    )
    messages = RefusedMessages()
    for _ in range(3):
        messages.refuse("held", "session: missing; it is needed")
    assert len({message.at for message in messages.to_save()}) == 3
