"""Small regions, one for what each test is about, and the rehearsal that plays in all of them at once."""

from collections.abc import Iterator
from typing import Any

from schemas.links import Question
from tests.support.world import file, line

REHEARSAL = "rehearsal"
OFFICE_HOURS = "; ".join(
    f"{day} 09:00-12:00; {day} 14:00-17:00"
    for day in ("mon", "tue", "wed", "thu", "fri")
)
PAIRED = ("brest", "dijon", "lille", "metz", "nice")
"""Regions of one pair."""
REVIEWED = "lyon"
"""Three mentors for two mentees, and matches that wait for ops."""

ANSWERED_BY_TESTS = {
    ("mentor.lille", Question.VOLUNTEER),
    ("coach.lille", Question.CHECK_IN),
    ("coach.nice", Question.SIGN_OFF),
    ("mentee.brest", Question.AGREE),
    ("mentee.brest", Question.ANSWER),
    ("mentor.brest", Question.ANSWER),
    ("delegate.brest", Question.ANSWER),
    ("mentee.metz", Question.PULSE),
    ("coach.metz", Question.CHECK_IN),
    ("mentee.dijon", Question.AGREE),
    ("mentee.dijon", Question.ANSWER),
    ("mentor.dijon", Question.ANSWER),
    ("delegate.dijon", Question.ANSWER),
}
"""Whose page which test is about; every other question is answered at once."""


def address(who: str) -> str:
    """The mail address of somebody such as `mentor.lille`."""
    return f"{who}@example.org"


def people() -> bytes:
    """The people file of all these regions."""
    paired = (row for region in PAIRED for row in _region(region))
    return file(*paired, *_region(REVIEWED, mentors=3, mentees=2))


def document() -> dict[str, Any]:
    """A programme day lasts three seconds. Whatever waits for a test waits as long as a programme can."""
    return {
        "programme": REHEARSAL,
        "starts_on": "2027-01-11",
        "training": {"within": "300 days"},
        "sessions": {
            "count": 3,
            "every": "200 days",
            "notice": "8 days",
            "answer_within": "5 days",
        },
        "matching": {
            "approval": "automatic",
            "minimum_levels": 0,
            "agree_within": "200 days",
            "search_for": "300 days",
        },
        "supervision": {"check_in_every": 1, "idle_after": "300 days"},
        "regions": [
            *(
                {"region": region, "mentors_from": [region]}
                for region in PAIRED
                if region != "metz"
            ),
            {
                "region": "metz",
                "mentors_from": ["metz"],
                "sessions": {"notice": "2 days"},
            },
            {
                "region": REVIEWED,
                "mentors_from": [REVIEWED],
                "matching": {"approval": "reviewed"},
            },
        ],
        "rehearsal": {"pace": 28800},
    }


def _region(region: str, mentors: int = 1, mentees: int = 1) -> Iterator[str]:
    """The first mentor is `mentor.REGION`, the second `mentor2.REGION`; all but mentors of lille write French."""
    for number in range(1, mentors + 1):
        more = {
            "supervisor": f"coach.{region}",
            "locale": "en" if region == "lille" else "fr",
            "languages": "fr en",
        }
        yield _person(
            f"mentor{number if number > 1 else ''}.{region}",
            region,
            "mentor",
            windows=OFFICE_HOURS,
            **more,
        )
    for number in range(1, mentees + 1):
        more = {
            "delegate": f"delegate.{region}",
            "languages": "fr",
            "windows": OFFICE_HOURS,
        }
        yield _person(
            f"mentee{number if number > 1 else ''}.{region}", region, "mentee", **more
        )
    for role, who in (
        ("delegate", "delegate"),
        ("supervisor", "coach"),
        ("ops", "ops"),
    ):
        yield _person(f"{who}.{region}", region, role)


def _person(who: str, region: str, role: str, **cells: str) -> str:
    role_name, place = who.split(".")
    return line(
        who, region, roles=role, name=f"{role_name.title()} de {place.title()}", **cells
    )
