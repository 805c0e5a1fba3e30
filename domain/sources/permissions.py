"""Who may send what: what of an event its source was not granted."""

from collections.abc import Iterable

from domain.sources.granting import IDENTITY_COLUMNS
from schemas.cloud_events import CATALOGUE, CloudEvent, PersonColumns
from schemas.programme import Problem
from schemas.records.sources import SourceScope


def ungranted(scope: SourceScope, event: CloudEvent) -> list[Problem]:
    """Returns what of an event its source may not send.

    Nothing of an unknown type, which is refused for that.
    """
    incoming = CATALOGUE.get(event.type)
    if incoming is None:
        return []
    if event.type not in scope.types:
        return [Problem(path="type", what=_not_granted(scope.types))]
    if not issubclass(incoming.data, PersonColumns):
        return []
    named = event.data.keys() & incoming.data.model_fields.keys() - {"effective"}
    granted = _columns(scope)
    return [
        Problem(path=f"data.{column}", what=_not_granted(granted))
        for column in sorted(named - granted)
    ]


def may_see_people(scope: SourceScope) -> bool:
    """Whether a source may learn, without sending anything, who is known and takes part."""
    return scope.directory and not scope.programmes


def _columns(scope: SourceScope) -> frozenset[str]:
    return scope.columns if scope.directory else scope.columns - IDENTITY_COLUMNS


def _not_granted(granted: Iterable[str]) -> str:
    return (
        f"not granted to this source; granted: {', '.join(sorted(granted)) or 'none'}"
    )
