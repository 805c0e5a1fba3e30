"""What one run of a pair hands to the next, and what PostgreSQL hands to a run that replaces a lost one."""

from typing import Any

from pydantic import ValidationError

from schemas.base import Carried
from schemas.effects import InboxCarry
from schemas.pair import RULES, SCHEMA_VERSION, PairStart, PairState
from workflows.lifecycle.advance import go_on
from workflows.reading import Refusal, problems

CONSTANT = {"pair", "clock", "policy", "calendar", "outbox"}
"""What the cohort's plan has, or PostgreSQL has as rows."""


class PairCarry(Carried):
    """All that a run hands to the next one."""

    state: PairState
    inbox: InboxCarry = InboxCarry()
    suspended: str | None = None
    shown: tuple[str, str, int] = ("", "", -1)
    """Search attributes as last upserted: stage, health, sessions held."""


def snapshot(state: PairState) -> dict[str, Any]:
    """What PostgreSQL keeps of a state, so that `restored` can make it again."""
    return state.model_dump(mode="json", exclude=CONSTANT, exclude_defaults=True)


def restored(start: PairStart) -> PairState:
    """The state of a start document that brings what PostgreSQL held of the pair.

    Raises:
        Refusal: it is no state of a pair.
    """
    try:
        return go_on(start)
    except ValidationError as error:
        raise Refusal(f"restored: {problems(error)}") from None


def known_here(state: PairState) -> None:
    """State of a newer version holds the workflow task, seen in the Web UI, until that version is deployed.

    Raises:
        RuntimeError: on purpose; an `ApplicationError` would end a months-old pair.
    """
    if state.schema_version > SCHEMA_VERSION or state.rules > RULES:
        raise RuntimeError("carried state comes from a newer version; deploy it, and the pair goes on")
