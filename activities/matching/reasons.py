"""Why two people are matched: what each rule found about them, in codes and numbers."""

from activities.matching import lines
from activities.matching.candidates import Candidates
from schemas.matching import Reason
from schemas.people import Person


def languages_of(person: Person) -> frozenset[str]:
    """Languages somebody speaks; none given: the one in which we write to them."""
    return person.languages or frozenset({person.locale})


def topics(c: Candidates, mentor: Person, mentee: Person) -> Reason | None:
    items = tuple(sorted(mentor.offers & mentee.wants))
    return Reason(rule="topics", value=len(items), items=items) if items else None


def function(c: Candidates, mentor: Person, mentee: Person) -> Reason | None:
    if not mentor.function or not mentee.function or mentor.function == mentee.function:
        return None
    return Reason(rule="different_function", items=(mentor.function, mentee.function))


def hours(c: Candidates, mentor: Person, mentee: Person) -> Reason | None:
    minutes = c.common.minutes[c.rows[mentor.person], c.columns[mentee.person]]
    return Reason(rule="common_hours", value=round(float(minutes) / 60, 1))


def site(c: Candidates, mentor: Person, mentee: Person) -> Reason | None:
    same = mentor.site and mentor.site == mentee.site
    return Reason(rule="same_site", items=(mentor.site,)) if same else None


def levels(c: Candidates, mentor: Person, mentee: Person) -> Reason | None:
    """No value: they are in different lines."""
    found = lines.levels_between(mentor.person, mentee.person, c.managers)
    return Reason(rule="levels_apart", value=found)


def languages(c: Candidates, mentor: Person, mentee: Person) -> Reason | None:
    return Reason(rule="common_language", items=tuple(sorted(languages_of(mentor) & languages_of(mentee))))
