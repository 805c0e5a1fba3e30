"""The review page: every button is one decision about what was seen."""

from typing import Any

import pytest

from gateway.temporal import UpdateRejected
from schemas.listings import (
    BanListing,
    DecisionListing,
    FreeListing,
    MatchChange,
    MatchReview,
    PinListing,
)
from tests.support.lives import MENTEE, MENTOR, MONDAY
from tests.unit.gateway.console.test_programmes import COMEX, MATCHES, reviewed
from tests.unit.gateway.factories import House


async def test_the_review_shows_names_reasons_and_who_is_left(at_home: House) -> None:
    reviewed(at_home)
    page = (await at_home.browser.get(MATCHES)).text
    assert all(
        words in page
        for words in (
            "Ana Ruiz",
            "Marc Delorme",
            "social media",
            "Karl Ott",
            "minimum levels",
        )
    )
    assert f'<a href="/people/{MENTOR}">Ana Ruiz</a>' in page


@pytest.mark.parametrize(
    ("form", "decision"),
    [
        ({"action": "all"}, {"all": True}),
        ({"action": "approve", "match": "m1"}, {"approve": ["m1"]}),
        (
            {"action": "approve:m1", "match": "m2"},
            {"approve": ["m1"]},
        ),  # its own button, whatever is ticked
        ({"action": "refuse", "match": "m1"}, {"refuse": ["m1"]}),
        (
            {"action": "swap", "match": ["m1", "m2"]},
            {"swap": [{"one": "m1", "other": "m2"}]},
        ),
        (
            {"action": f"pin:{MENTOR}:{MENTEE}"},
            {"pin": [{"mentor": MENTOR, "mentee": MENTEE}]},
        ),
        (
            {"action": f"unban:{MENTOR}:{MENTEE}"},
            {"unban": [{"mentor": MENTOR, "mentee": MENTEE}]},
        ),
        (
            {"action": "ban", "mentor": MENTOR, "mentee": MENTEE},
            {"ban": [{"mentor": MENTOR, "mentee": MENTEE}]},
        ),
        ({"action": "rerun"}, {"rerun": True}),
    ],
)
async def test_a_review_decides_about_the_run_that_was_seen(
    at_home: House, form: dict[str, Any], decision: dict[str, Any]
) -> None:
    reviewed(at_home)
    await at_home.browser.post(MATCHES, data={"run": "3", "revision": "7", **form})
    seen = {"run": 3, "revision": 7, "by": "console"}
    assert at_home.workflows.updates == [
        (COMEX.workflow_id, "approve_matches", {**decision, **seen})
    ]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"action": "approve"}, "Nothing is ticked"),
        ({"action": "swap", "match": "m1"}, "Tick exactly two pairs"),
        (
            {"action": "pin", "mentor": "", "mentee": MENTEE},
            "Choose a mentor and a mentee",
        ),
    ],
)
async def test_what_decides_nothing_says_what_is_missing(
    at_home: House, form: dict[str, str], told: str
) -> None:
    reviewed(at_home)
    answer = await at_home.browser.post(MATCHES, data={"run": "3", **form})
    assert (answer.status_code, told in answer.text, at_home.workflows.updates) == (
        409,
        True,
        [],
    )


async def test_an_unknown_decision_about_matches_is_refused(at_home: House) -> None:
    reviewed(at_home)
    answer = await at_home.browser.post(
        MATCHES, data={"run": "3", "action": "marry:m1"}
    )
    assert (answer.status_code, at_home.workflows.updates) == (422, [])


async def test_a_refusal_names_people_where_the_workflow_knows_ids(
    at_home: House,
) -> None:
    reviewed(at_home)
    text = f"approve_matches: mentor {MENTOR} and mentee {MENTEE} must not be matched: too few levels"
    at_home.workflows.failing = UpdateRejected(text)
    answer = await at_home.browser.post(
        MATCHES, data={"run": "3", "action": f"pin:{MENTOR}:{MENTEE}"}
    )
    assert (
        "Ana Ruiz and Marc Delorme must not be matched: too few levels" in answer.text
    )


async def test_the_review_shows_pins_bans_changes_and_who_decided(
    at_home: House,
) -> None:
    names: dict[str, Any] = {
        "mentor": MENTOR,
        "mentor_name": "Ana Ruiz",
        "mentee": MENTEE,
        "mentee_name": "Marc Delorme",
    }
    gone = MatchChange(
        kind="gone", mentee_name="Karl Ott", mentor_before="Ana Ruiz", score_before=0.61
    )
    at_home.store.reviews.review = MatchReview(
        run=3,
        pins=(PinListing(**names, by="console", at=MONDAY, over=True),),
        bans=(BanListing(**names, by="hr-system", at=MONDAY),),
        changes=(gone,),
        decided=(
            DecisionListing(revision=1, what="rerun", run=2, by="console", at=MONDAY),
        ),
        free=tuple(
            FreeListing(side=side, person=MENTOR, name="Lea Roth")
            for side in ("mentor", "mentee")
        ),
    )
    page = (await at_home.browser.get(MATCHES)).text
    told = (
        "over, since one of the two",
        "hr-system",
        "Ana Ruiz (61)",
        "the rest was matched again",
        "Lea Roth",
    )
    assert [words for words in told if words not in page] == []


async def test_the_second_of_two_reviewers_is_told(at_home: House) -> None:
    reviewed(at_home)
    at_home.workflows.failing = UpdateRejected(
        "run 4 has replaced the one that was reviewed; look at it and decide again"
    )
    answer = await at_home.browser.post(MATCHES, data={"run": "3", "action": "all"})
    assert "run 4 has replaced" in answer.text
