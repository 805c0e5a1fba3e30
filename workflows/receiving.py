"""How every workflow receives: whatever arrives is taken, or kept with the reason why not.

Handlers take anything (`*args`): the converter hands over `Unreadable` for bytes that are no value, so that nothing
an outsider sends, and no fault of ours in taking it, can hold a workflow task, end a run or vanish.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from inspect import isawaitable
from typing import Any

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from activities.persistence.activities import PersistenceActivities
from schemas.effects import RefusedBatch, RefusedMessage, RefusedMessagesState
from workflows import options
from workflows.reading import MessageRefused, describe, read, safe_name

KEPT = 20
"""How many refused messages a workflow shows; PostgreSQL keeps them all."""
AT_ONCE = 500
"""Most refused messages that wait to be written down; of a flood beyond, the number is kept."""
REST = "more in the same moment"


class RefusedMessages:
    """What a workflow could not take, newest last; `unsaved` waits to be written down."""

    def __init__(self, carry: RefusedMessagesState | None = None) -> None:
        before = carry or RefusedMessagesState()
        self.refused = list(before.refused)
        self.unsaved = list(before.unsaved)
        self.more = before.more

    def refuse(self, name: str, reason: str) -> None:
        at = workflow.now()
        if self.refused:  # of several in one moment each is kept, and to be mended
            at = max(at, self.refused[-1].at + timedelta(microseconds=1))
        message = RefusedMessage(at=at, name=safe_name(name), reason=reason)
        self.refused = [*self.refused, message][-KEPT:]
        if len(self.unsaved) < AT_ONCE:
            self.unsaved.append(message)
        else:
            self.more += 1
        workflow.logger.warning(
            "message refused", extra={"message_name": message.name, "why": reason}
        )

    def failed(self, name: str, error: BaseException) -> None:
        """A fault of ours. Its text may quote what was sent, so only its kind is told."""
        kind = type(error).__name__
        self.refuse(
            name,
            f"could not be taken ({kind}), and changed nothing; send it again once a release mends it",
        )

    def carried(self) -> RefusedMessagesState:
        return RefusedMessagesState(
            refused=tuple(self.refused), unsaved=tuple(self.unsaved), more=self.more
        )

    @contextmanager
    def taking(self, name: str, undo: Callable[[], None]) -> Iterator[None]:
        """For a signal: nothing that goes wrong within leaves the handler, and nothing is half done."""
        try:
            yield
        except MessageRefused as why:
            self.refuse(name, str(why))
        except Exception as error:
            undo()
            self.failed(name, error)

    @contextmanager
    def deciding(self, name: str, undo: Callable[[], None] | None) -> Iterator[None]:
        """For an update or its validator: whatever goes wrong within is told to the sender, and ends nothing.

        Without `undo`, part of it may stand: so it is put, and sent again it must end where it would have.

        Raises:
            ApplicationError: of type `Refused`, or `Fault`; neither ends a run when it leaves a handler.
        """
        try:
            yield
        except MessageRefused as why:
            text = str(why) if str(why).startswith(name) else f"{name}: {why}"
            raise ApplicationError(text, type="Refused", non_retryable=True) from None
        except Exception as error:
            kind = type(error).__name__
            told = f"{name}: could not be decided ({kind}), and changed nothing; try again, or see the worker's log"
            if undo is None:
                told = f"{name}: was cut short ({kind}), and part of it may stand; look, then send it again"
            else:
                undo()
            raise ApplicationError(told, type="Fault", non_retryable=True) from None

    @property
    def waits(self) -> bool:
        """Whether something is to be written down; of a flood, perhaps a number alone."""
        return bool(self.unsaved or self.more)

    def waiting(self) -> tuple[RefusedMessage, ...]:
        """What is to be written down now; `written` takes it off."""
        if not self.more:
            return tuple(self.unsaved)
        rest = RefusedMessage(
            at=self.refused[-1].at, name="more", reason=f"{self.more} {REST}"
        )
        return (*self.unsaved, rest)

    def written(self, messages: Sequence[RefusedMessage]) -> None:
        """These stand in PostgreSQL."""
        rest = next(
            (message for message in messages[-1:] if message.reason.endswith(REST)),
            None,
        )
        self.unsaved = self.unsaved[len(messages) - (rest is not None) :]
        if rest is not None:
            self.more -= int(rest.reason.split(" ", 1)[0])

    async def save(self) -> None:
        """Write down what was refused, if anything; retried until it works."""
        if messages := self.waiting():
            await workflow.execute_activity_method(
                PersistenceActivities.record_refused_messages,
                RefusedBatch(workflow_id=workflow.info().workflow_id, refused=messages),
                summary="Keep what was refused",
                **options.RECORD,
            )
            self.written(messages)


def register_signals(facts: Mapping[str, type[BaseModel]]) -> Callable[[type], type]:
    """Give a workflow class one signal a fact, by its name; each calls `self.on_fact(name, fact)` with a model."""

    def decorate(cls: type) -> type:
        for name, model in facts.items():
            setattr(
                cls,
                f"signal_{name}",
                workflow.signal(name=name, description=describe(model))(
                    _fact(name, model)
                ),
            )
        unknown = workflow.signal(dynamic=True)(_anything_else(tuple(facts)))
        setattr(cls, "signal_anything_else", unknown)  # noqa: B010 - `type` has none
        return cls

    return decorate


def _fact(name: str, model: type[BaseModel]) -> Callable[..., None]:
    def handle(self: Any, *args: Any) -> None:
        with self.inbox.taking(name, _to_what_it_was(self)):
            self.on_fact(name, read(model, args))
        self.woken = True

    return handle


def _to_what_it_was(run: Any) -> Callable[[], None]:
    before = run.state

    def undo() -> None:
        run.state = before

    return undo


def _nothing() -> None: ...


def _anything_else(known: Sequence[str]) -> Callable[..., None]:
    """What has no handler must not wait in a buffer for ever."""

    # Temporal takes an annotated `self` for an argument of the signal.
    def handle(self, name: str, args: Sequence[RawValue]) -> None:  # type: ignore[no-untyped-def]
        near = difflib.get_close_matches(name[:60], known, n=1)
        hint = (
            f"did you mean {near[0]}?"
            if near
            else f"known: {', '.join(sorted(known)) or '(none)'}"
        )
        self.inbox.refuse(name, f"unknown signal with {len(args)} payloads; {hint}")
        self.woken = True

    return handle


def register_updates(
    decisions: Mapping[str, type[BaseModel]],
) -> Callable[[type], type]:
    """Give a workflow class one update a decision, by its name, with its validator.

    The validator asks `self.refusal(name, decision)` for the reason why not, or None; the update answers what
    `self.on_decision(name, decision)` does, which may be a coroutine.
    """

    def decorate(cls: type) -> type:
        for name, model in decisions.items():
            update = workflow.update(name=name, description=describe(model))(
                _decision(name, model)
            )
            update.validator(_validator(name, model))
            setattr(cls, f"update_{name}", update)
        return cls

    return decorate


def _decision(name: str, model: type[BaseModel]) -> Callable[..., Any]:
    async def handle(self: Any, *args: Any) -> Any:
        with self.inbox.deciding(name, _to_what_it_was(self)):
            answer = self.on_decision(name, read(model, args, strict=True))
        try:
            if isawaitable(answer):
                with self.inbox.deciding(
                    name, None
                ):  # others may have changed the state meanwhile
                    answer = await answer
        finally:
            self.woken = (
                True  # what stands of it is carried on, whether the rest failed or not
            )
        return answer

    return handle


def _validator(name: str, model: type[BaseModel]) -> Callable[..., None]:
    def validate(self: Any, *args: Any) -> None:
        with self.inbox.deciding(name, _nothing):
            why_not = self.refusal(name, read(model, args, strict=True))
            if why_not:
                raise MessageRefused(why_not)

    return validate
