"""What one run of a pair hands to the next, and what PostgreSQL hands to a run that replaces a lost one."""

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from domain.pair.advance import advance, go_on, serve_due
from schemas.base import Carried
from schemas.effects import RefusedMessagesState
from schemas.pair import RULES, SCHEMA_VERSION, PairStart, PairState
from schemas.pair_updates import Paused, Resumed
from workflows.reading import MessageRefused, problems

CONSTANT = {"pair", "clock", "policy", "calendar", "outbox"}
"""What the cohort's plan has, or PostgreSQL has as rows."""


class PairContinueAsNew(Carried):
    """All that a run hands to the next one."""

    state: PairState
    inbox: RefusedMessagesState = RefusedMessagesState()
    suspended: str | None = None
    must_look: bool = False
    """It was told to look what is in force, and has not looked yet."""
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
        state = go_on(start)
        if not _is_newer(state):
            _live_on(state)
    except ValidationError as error:
        raise MessageRefused(f"restored: {problems(error)}") from None
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise MessageRefused(
            "restored: deadlines, session and match do not go together"
        ) from None
    return state


def _live_on(state: PairState) -> None:
    """Play what is left if nobody says another word: what cannot be played would hold the task of the new run."""
    running = state.having(paused_by=(), paused_at=None)
    paused = advance(running, Paused(), state.now).state
    for whole in (running, advance(paused, Resumed(), state.now).state):
        serve_due(whole, datetime.max.replace(tzinfo=UTC), served_at=lambda due: due)


def known_here(state: PairState) -> None:
    """State of a newer version holds the workflow task, seen in the Web UI, until that version is deployed.

    Raises:
        RuntimeError: on purpose; an `ApplicationError` would end a months-old pair.
    """
    if _is_newer(state):
        raise RuntimeError(
            "carried state comes from a newer version; deploy it, and the pair goes on"
        )


def _is_newer(state: PairState) -> bool:
    return state.schema_version > SCHEMA_VERSION or state.rules > RULES
