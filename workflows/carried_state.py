"""The state of a workflow that lasts for months: one run hands it to the next."""

from typing import Generic, TypeVar

from schemas.base import LenientModel
from schemas.effects import RefusedMessagesState

State = TypeVar("State")


class ContinueAsNew(LenientModel, Generic[State]):
    """What a run hands to the next one."""

    state: State
    refused_messages: RefusedMessagesState = RefusedMessagesState()


class CarriedState(Generic[State]):
    """Base of a workflow with such a state."""

    current_state: State | None

    @property
    def _state(self) -> State:
        assert self.current_state is not None  # `run` makes it, or ends at once
        return self.current_state
