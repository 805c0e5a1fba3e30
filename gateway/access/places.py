"""Where a route's permission is needed, read off its address."""

from collections.abc import Mapping
from typing import assert_never

from activities.persistence.store import Store
from domain.access.permissions import INSTALLATION, Place
from gateway.access.declared import About
from schemas.ids import parse_cohort_id, parse_pair_id


async def places_of(
    about: About, path: Mapping[str, str], store: Store
) -> tuple[Place, ...]:
    """Returns the places, in any of which the permission is enough.

    An address that names nothing is about the installation: who may do the same
    everywhere reads that it is none.
    """
    match about:
        case About.INSTALLATION | About.SOMEWHERE:
            return (INSTALLATION,)
        case About.PROGRAMME:
            return (Place(path["programme"]),)
        case About.REGION:
            return (Place(path["programme"], path["region"]),)
        case About.COHORT | About.PAIR:
            return (_of_workflow(path),)
        case About.PERSON:
            pairs = await store.pairs.live_of(path["person_id"])
            found = {Place(pair.programme, pair.region) for pair, _ in pairs}
            return (INSTALLATION, *found)
        case _:
            assert_never(about)


def _of_workflow(path: Mapping[str, str]) -> Place:
    try:
        ref = (
            parse_pair_id(path["pair_id"])
            if "pair_id" in path
            else parse_cohort_id(path["cohort_id"])
        )
    except ValueError:
        return INSTALLATION
    return Place(ref.programme, ref.region)


def subject_of(path: Mapping[str, str]) -> str:
    """The person, pair, cohort or programme that an address names, for the record of who read it."""
    names = ("person_id", "pair_id", "cohort_id", "programme")
    return next((path[name] for name in names if name in path), "")
