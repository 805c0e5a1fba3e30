"""Which privacy notice somebody reads."""

from datetime import UTC, datetime

import pytest

from domain.privacy.region_notices import region_notices
from domain.privacy.which_notice import notice_for
from schemas.ids import CohortRef
from schemas.policy import Policy
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.records.privacy import PrivacyNotice
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock

NOW = datetime(2027, 1, 4, tzinfo=UTC)


def notice(number: int, programme: str | None, region: str | None) -> PrivacyNotice:
    return PrivacyNotice(
        id=number, programme=programme, region=region, set_at=NOW, set_by="command"
    )


OF_ALL = notice(1, None, None)
OF_PROGRAMME = notice(2, "demo", None)
OF_REGION = notice(3, "demo", "ouest")
OF_ANOTHER = notice(4, "other", "ouest")


@pytest.mark.parametrize(
    ("programme", "region", "set_ones", "read"),
    [
        ("demo", "ouest", (OF_ALL, OF_PROGRAMME, OF_REGION), OF_REGION),
        ("demo", "est", (OF_ALL, OF_PROGRAMME, OF_REGION), OF_PROGRAMME),
        ("demo", "est", (OF_ALL, OF_REGION), OF_ALL),
        ("demo", "est", (OF_REGION,), None),
        ("demo", "ouest", (OF_ANOTHER,), None),
        ("third", "ouest", (OF_ALL, OF_PROGRAMME, OF_REGION), OF_ALL),
        ("demo", "ouest", (), None),
    ],
)
def test_the_narrowest_notice_is_read(
    programme: str,
    region: str,
    set_ones: tuple[PrivacyNotice, ...],
    read: PrivacyNotice | None,
) -> None:
    assert notice_for(set_ones, programme, region) is read
    assert notice_for(set_ones[::-1], programme, region) is read


def test_regions_are_those_of_the_plan_and_those_that_lend_mentors() -> None:
    cohort = CohortPlan(
        cohort=CohortRef(programme="demo", region="comex"),
        policy=Policy(),
        calendar=WorkCalendar(),
        mentors_from=("idf", "ouest"),
    )
    plan = ProgrammePlan(
        programme="demo",
        starts_at=NOW,
        clock=Clock(programme_epoch=NOW, wall_epoch=NOW),
        cohorts=(cohort,),
    )
    extra = notice(5, "demo", "siege")
    assert region_notices(plan, [OF_REGION, OF_ANOTHER, extra]) == [
        ("comex", None),
        ("idf", None),
        ("ouest", OF_REGION),
        ("siege", extra),
    ]
