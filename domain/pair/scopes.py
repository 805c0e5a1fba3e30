"""Whose pause is a pair's too."""

from schemas.ids import (
    PairRef,
    PersonId,
    person_scope,
    programme_workflow_id,
    region_scope,
)


def scopes_of(pair: PairRef, mentee: PersonId | None) -> list[str]:
    """The scopes of directives that hold for a pair: programme, region, cohort, the pair itself, its two people."""
    people = [pair.mentor, *([mentee] if mentee else [])]
    return [
        programme_workflow_id(pair.programme),
        region_scope(pair.programme, pair.region),
        pair.cohort.workflow_id,
        pair.workflow_id,
        *(person_scope(person) for person in people),
    ]
