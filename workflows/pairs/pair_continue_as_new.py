"""What one run of a pair hands to the next, and which versions of it can go on."""

from schemas.pair import RULES_VERSION, SCHEMA_VERSION, PairState
from workflows.carried_state import ContinueAsNew
from workflows.pairs.pair_search_attributes import NOT_SHOWN_YET


class PairContinueAsNew(ContinueAsNew[PairState]):
    """What a run of a pair hands to the next one."""

    suspended: str | None = None
    directives_due: bool = False
    """Whether it was signalled to read the directives in force, and has not read them
    yet."""
    shown: tuple[str, str] = NOT_SHOWN_YET
    """Search attributes as last upserted: stage and health."""


def require_known_version(state: PairState) -> None:
    """Hold the workflow task, as the Web UI shows, until a newer version is deployed.

    Raises:
        RuntimeError: a newer version wrote the state. It is raised on purpose: an
            `ApplicationError` would end a months-old pair.
    """
    if is_newer(state):
        raise RuntimeError(
            "carried state comes from a newer version; deploy it, and the pair goes on"
        )


def is_newer(state: PairState) -> bool:
    return state.schema_version > SCHEMA_VERSION or state.rules > RULES_VERSION
