"""Messages that a workflow refused: shown in the Web UI, and kept in PostgreSQL for ops."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.persistence.activities import PersistenceActivities
from schemas.effects import RefusedBatch, RefusedMessage, RefusedMessagesState
from workflows import options
from workflows.reading import MessageRefused, safe_name

SHOWN = 20
"""How many refused messages a workflow shows; PostgreSQL keeps them all."""
MOST_UNSAVED = 500
"""Most messages that wait to be saved; further ones are only counted."""


class RefusedMessages:
    """The messages that a workflow refused, newest last."""

    def __init__(self, before: RefusedMessagesState | None = None) -> None:
        before = before or RefusedMessagesState()
        self.shown = list(before.shown)
        self.unsaved = list(before.unsaved)
        self.omitted = before.omitted

    def refuse(self, name: str, reason: str) -> None:
        at = workflow.now()
        if self.shown:  # of several in one moment each is kept, under its own time
            at = max(at, self.shown[-1].at + timedelta(microseconds=1))
        message = RefusedMessage(at=at, name=safe_name(name), reason=reason)
        self.shown = [*self.shown, message][-SHOWN:]
        if len(self.unsaved) < MOST_UNSAVED:
            self.unsaved.append(message)
        else:
            self.omitted += 1
        workflow.logger.warning(
            "message refused", extra={"message_name": message.name, "why": reason}
        )

    def to_state(self) -> RefusedMessagesState:
        """Return what the next run starts from."""
        return RefusedMessagesState(
            shown=tuple(self.shown),
            unsaved=tuple(self.unsaved),
            omitted=self.omitted,
        )

    @contextmanager
    def in_signal(self, name: str, undo: Callable[[], None]) -> Iterator[None]:
        """Run a signal's handler so that no error leaves it, and nothing is half done."""
        try:
            yield
        except MessageRefused as why:
            self.refuse(name, str(why))
        except Exception as error:
            undo()
            # its text may quote what was sent, so only its type is kept
            self.refuse(
                name,
                f"could not be taken ({type(error).__name__}), and changed nothing; "
                "send it again once a release corrects it",
            )

    @contextmanager
    def in_update(self, name: str, undo: Callable[[], None] | None) -> Iterator[None]:
        """Run an update's handler or validator so that an error goes to the sender, and ends nothing.

        Without `undo`, part of the update may be done: sent again, it must end as if
        nothing had failed.

        Raises:
            ApplicationError: of type `Refused`, or `Fault`; neither ends a run when it
                leaves a handler.
        """
        try:
            yield
        except MessageRefused as why:
            text = str(why) if str(why).startswith(name) else f"{name}: {why}"
            raise ApplicationError(text, type="Refused", non_retryable=True) from None
        except Exception as error:
            kind = type(error).__name__
            if undo is None:
                text = (
                    f"{name}: was cut short ({kind}), and part of it may be done; "
                    "look, then send it again"
                )
            else:
                undo()
                text = (
                    f"{name}: could not be decided ({kind}), and changed nothing; "
                    "try again, or see the worker's log"
                )
            raise ApplicationError(text, type="Fault", non_retryable=True) from None

    @property
    def has_unsaved(self) -> bool:
        """Whether messages, or a count of them, are to be saved."""
        return bool(self.unsaved or self.omitted)

    def to_save(self) -> tuple[RefusedMessage, ...]:
        """Return the messages to save now; `mark_saved` removes them."""
        if not self.omitted:
            return tuple(self.unsaved)
        rest = RefusedMessage(
            at=self.shown[-1].at,
            name="more",
            reason=f"{self.omitted} more in the same moment",
            omitted=self.omitted,
        )
        return (*self.unsaved, rest)

    def mark_saved(self, messages: Sequence[RefusedMessage]) -> None:
        """Remove messages that `to_save` returned and PostgreSQL now has."""
        single = [message for message in messages if not message.omitted]
        self.unsaved = self.unsaved[len(single) :]
        self.omitted -= sum(message.omitted for message in messages)

    async def save(self) -> None:
        """Save what was refused, if anything; retried for ever."""
        if messages := self.to_save():
            await workflow.execute_activity_method(
                PersistenceActivities.record_refused_messages,
                RefusedBatch(workflow_id=workflow.info().workflow_id, refused=messages),
                summary="Keep what was refused",
                **options.RECORD,
            )
            self.mark_saved(messages)
