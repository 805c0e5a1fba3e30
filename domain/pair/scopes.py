"""Scopes of pauses that hold for a pair."""

from schemas.ids import (
    PairRef,
    PersonId,
    person_scope,
    programme_workflow_id,
    region_scope,
)


def scopes_of(pair: PairRef, mentee: PersonId | None) -> list[str]:
    """The scopes whose pause holds for a pair.

    They are its programme, region and cohort, the pair itself and its two people.
    """
    people = [pair.mentor, *([mentee] if mentee else [])]
    return [
        programme_workflow_id(pair.programme),
        region_scope(pair.programme, pair.region),
        pair.cohort.workflow_id,
        pair.workflow_id,
        *(person_scope(person) for person in people),
    ]
