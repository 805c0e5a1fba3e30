"""Whether a call for help reaches somebody, as `binome doctor` says."""

from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses

SUBJECT = "calls for help"
IN_CHARGE = ("ops", "sponsor")
"""Roles of those who are asked for a call in the end, whoever has left."""


async def calls_for_help(servers: ServerAddresses) -> Diagnosis:
    """Check that somebody is there to whom a call for help can be passed on."""
    regions = await ask_store(servers, lambda store: store.people.role_counts())
    if regions is None:
        return not_found_out(SUBJECT, "seen")
    if not regions:
        return Diagnosis(SUBJECT, True, "nobody was imported yet")
    there = {
        role: sum(counts.get(role, 0) for counts in regions.values())
        for role in IN_CHARGE
    }
    if not any(there.values()):
        found = "nobody is there with the role ops or sponsor; where a supervisor left, a call reaches nobody"
        remedy = "give two people the role ops in the people file, and import it"
        return Diagnosis(SUBJECT, False, found, remedy)
    people = ", ".join(f"{role} {there[role]}" for role in IN_CHARGE)
    return Diagnosis(SUBJECT, True, f"passed on to whoever is there: {people}")
