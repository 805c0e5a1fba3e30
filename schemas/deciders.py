"""Who decided: what every update carries into the history and the ledger, as an opaque id."""

from schemas.base import PairEvent, StrictModel
from schemas.ids import DeciderId


class PairDecision(PairEvent, kind="decision"):
    """An update of a pair."""

    by: DeciderId | None = None
    """Who decided, as an opaque id; None: somebody in the Temporal Web UI."""


class StrictDecision(StrictModel):
    """An update of a cohort or a programme."""

    by: DeciderId | None = None
    """Who decided, as an opaque id; None: somebody in the Temporal Web UI."""
