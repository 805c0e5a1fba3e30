"""The guard's look at two people: the rules of matching that a reorganisation may break. Pure."""

from domain.matching.reporting_levels import near
from domain.matching.scoring import Step
from schemas.guard import GuardSnapshot


def too_close(seen: GuardSnapshot, step: Step) -> frozenset[str]:
    """Ids of the pairs and proposals whose two people matching would keep apart by their reporting lines today:
    `manager_and_report` always, `too_few_levels` as the policy says. Linear in people and lines."""
    both = (*seen.pairs, *seen.proposals)
    mentees = {
        who: place for place, who in enumerate(sorted({two.mentee for two in both}))
    }
    mentors = {
        who: place for place, who in enumerate(sorted({two.mentor for two in both}))
    }
    deepest = max(seen.minimum_levels - 1, 1)
    close = set()
    for mentee, mentor, _ in near(mentees, mentors, seen.managers, deepest):
        step()
        close.add((mentee, mentor))
    return frozenset(
        two.id for two in both if (mentees[two.mentee], mentors[two.mentor]) in close
    )
