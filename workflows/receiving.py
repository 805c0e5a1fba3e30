"""How every workflow receives signals and updates: read by hand, or refused with a reason.

Handlers take anything (`*args`): the converter hands over `Unreadable` for bytes that are
no value, so that nothing an outsider sends, and no fault of ours in receiving it, can hold
a workflow task, end a run or vanish.
"""

from collections.abc import Callable, Sequence
from inspect import isawaitable
from typing import Any, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from domain.wording import nearest
from schemas.handlers import (
    SignalDeclaration,
    UpdateDeclaration,
    signals_of,
    updates_of,
)
from workflows.reading import MessageRefused, describe, read
from workflows.refused_messages import RefusedMessages

Run = TypeVar("Run", bound=type)


class Receiver(Protocol):
    """The interface between handlers and a workflow that declares signals and updates."""

    refused_messages: RefusedMessages
    woken: bool
    """Whether the main loop has something to do."""
    current_state: Any

    def receive_signal(self, signal: Any) -> None: ...

    def refusal(self, update: Any) -> str | None:
        """Returns why the update is refused, or None."""

    def apply_update(self, update: Any) -> Any:
        """Returns the result of an update, or an awaitable of it."""


class NoHandlers:
    """Declares no signal and no update."""


def register_handlers(declared: type) -> Callable[[Run], Run]:
    """Decorator: puts Temporal's handlers in the place of what `declared` declares.

    The workflow has the methods of `Receiver`. A signal that nobody declared is refused,
    where Temporal would let it wait in a buffer for ever.
    """
    signals, updates = signals_of(declared), updates_of(declared)

    def decorate(cls: Run) -> Run:
        for name, signal in signals.items():
            setattr(cls, name, _signal(name, signal))
        for name, update in updates.items():
            setattr(cls, name, _update(name, update))
        unknown = workflow.signal(dynamic=True)(_unknown_signal(tuple(signals)))
        setattr(cls, "unknown_signal", unknown)  # noqa: B010 - `type` has none
        return cls

    return decorate


def _signal(name: str, declared: SignalDeclaration[Any]) -> Callable[..., None]:
    def handle(self: Any, *args: Any) -> None:
        run: Receiver = self
        with run.refused_messages.in_signal(name, _back_to_now(run)):
            run.receive_signal(read(declared.model, args))
        run.woken = True

    return workflow.signal(name=name, description=describe(declared.model))(handle)


def _unknown_signal(known: Sequence[str]) -> Callable[..., None]:
    # Temporal takes an annotated `self` for an argument of the signal.
    def handle(self, name: str, args: Sequence[RawValue]) -> None:  # type: ignore[no-untyped-def]
        near = nearest(name, known)
        every = ", ".join(sorted(known)) or "(none)"
        hint = f"did you mean {near}?" if near else f"known: {every}"
        reason = f"unknown signal with {len(args)} payloads; {hint}"
        self.refused_messages.refuse(name, reason)
        self.woken = True

    return handle


def _update(name: str, declared: UpdateDeclaration[Any, Any]) -> Any:
    async def handle(self: Any, *args: Any) -> Any:
        run: Receiver = self
        with run.refused_messages.in_update(name, _back_to_now(run)):
            result = run.apply_update(read(declared.model, args, strict=True))
        try:
            if isawaitable(result):  # others may change the state meanwhile: no undo
                with run.refused_messages.in_update(name, None):
                    result = await result
        finally:
            run.woken = (
                True  # what is done of it is carried on, even if the rest failed
            )
        return result

    def validate(self: Any, *args: Any) -> None:
        run: Receiver = self
        with run.refused_messages.in_update(name, lambda: None):
            if why := run.refusal(read(declared.model, args, strict=True)):
                raise MessageRefused(why)

    handle.__annotations__["return"] = declared.result  # so that clients decode it
    update = workflow.update(name=name, description=describe(declared.model))(handle)
    update.validator(validate)
    return update


def _back_to_now(run: Receiver) -> Callable[[], None]:
    now = run.current_state

    def undo() -> None:
        run.current_state = now

    return undo
