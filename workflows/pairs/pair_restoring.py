"""The state that PostgreSQL keeps of a pair, for a run that replaces a lost one."""

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from domain.pair.advance import advance, restore, serve_due
from schemas.pair import PairStart, PairState
from schemas.pair_updates import PausePair, ResumePair
from workflows.pairs.pair_continue_as_new import is_newer
from workflows.reading import MessageRefused, problems

KEPT_ELSEWHERE = {"pair", "clock", "policy", "calendar", "outbox"}
"""Fields that the cohort's plan has, or PostgreSQL has as rows."""


def snapshot(state: PairState) -> dict[str, Any]:
    """The part of a state that PostgreSQL keeps, of which `restored` makes it again."""
    return state.model_dump(mode="json", exclude=KEPT_ELSEWHERE, exclude_defaults=True)


def restored(start: PairStart) -> PairState:
    """The state of a start document that brings what PostgreSQL kept of the pair.

    Raises:
        MessageRefused: it is no state of a pair.
    """
    try:
        state = restore(start)
        if not is_newer(state):
            _play_to_the_end(state)
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


def _play_to_the_end(state: PairState) -> None:
    """Serve every deadline ahead: one that cannot be served would hold the new run."""
    running = state.having(paused_by=(), paused_at=None)
    paused = advance(running, PausePair(), state.now).state
    for whole in (running, advance(paused, ResumePair(), state.now).state):
        serve_due(whole, datetime.max.replace(tzinfo=UTC), served_at=lambda due: due)
