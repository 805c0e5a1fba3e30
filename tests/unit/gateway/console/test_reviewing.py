"""The review page: every button is one decision about what was seen."""

from typing import Any

import pytest

from gateway.temporal import UpdateRejected
from schemas.records.listings import (
    BanListing,
    DecisionListing,
    MatchChange,
    MatchReview,
    PinCandidate,
    PinListing,
)
from tests.support.lives import MENTEE, MENTOR, MONDAY
from tests.unit.gateway.console.programmes import COMEX, MATCH_ID, MATCHES, reviewed
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


ONE, OTHER = MATCH_ID, f"3:2:{MENTOR}:{MENTEE}"
ABOUT_TWO = f"?mentor={MENTOR}&mentee={MENTEE}"
THE_TWO = {"mentor": MENTOR, "mentee": MENTEE}


@pytest.mark.parametrize(
    ("button", "form", "decision"),
    [
        ("all", {}, {"all": True}),
        ("approve", {"match": ONE}, {"approve": [ONE]}),
        (f"approve?match={ONE}", {"match": OTHER}, {"approve": [ONE]}),
        ("refuse", {"match": ONE}, {"refuse": [ONE]}),
        ("swap", {"match": [ONE, OTHER]}, {"swap": [{"one": ONE, "other": OTHER}]}),
        (f"pin{ABOUT_TWO}", {}, {"pin": [THE_TWO]}),
        (f"unban{ABOUT_TWO}", {}, {"unban": [THE_TWO]}),
        ("ban", THE_TWO, {"ban": [THE_TWO]}),
        ("rerun", {}, {"rerun": True}),
    ],
)
async def test_a_review_decides_about_the_run_that_was_seen(
    at_home: House, button: str, form: dict[str, Any], decision: dict[str, Any]
) -> None:
    reviewed(at_home)
    seen = {"run": "3", "revision": "7"}
    await at_home.browser.post(f"{MATCHES}/{button}", data={**seen, **form})
    about = {"run": 3, "revision": 7}
    assert at_home.workflows.updates == [
        (COMEX.workflow_id, "approve_matches", {**decision, **about})
    ]


@pytest.mark.parametrize(
    ("button", "form", "texts"),
    [
        ("approve", {}, "Nothing is ticked"),
        ("swap", {"match": ONE}, "Tick exactly two pairs"),
        ("pin", {"mentor": "", "mentee": MENTEE}, "Choose a mentor and a mentee"),
    ],
)
async def test_what_decides_nothing_says_what_is_missing(
    at_home: House, button: str, form: dict[str, str], texts: str
) -> None:
    reviewed(at_home)
    answer = await at_home.browser.post(
        f"{MATCHES}/{button}", data={"run": "3", **form}
    )
    assert (answer.status_code, texts in answer.text, at_home.workflows.updates) == (
        409,
        True,
        [],
    )


async def test_enter_in_a_tick_box_decides_nothing_and_keeps_the_ticks(
    at_home: House,
) -> None:
    reviewed(at_home)
    answer = await at_home.browser.post(MATCHES, data={"run": "3", "match": ONE})
    assert (answer.status_code, at_home.workflows.updates) == (200, [])
    assert (
        f'value="{ONE}" aria-label="Ana Ruiz and Marc Delorme" checked' in answer.text
    )


async def test_an_unknown_decision_about_matches_is_refused(at_home: House) -> None:
    reviewed(at_home)
    answer = await at_home.browser.post(
        f"{MATCHES}/marry?match={ONE}", data={"run": "3"}
    )
    assert (answer.status_code, at_home.workflows.updates) == (422, [])


async def test_a_refusal_names_people_where_the_workflow_knows_ids(
    at_home: House,
) -> None:
    reviewed(at_home)
    text = f"approve_matches: mentor {MENTOR} and mentee {MENTEE} must not be matched: too few levels"
    at_home.workflows.failing = UpdateRejected(text)
    answer = await at_home.browser.post(f"{MATCHES}/pin{ABOUT_TWO}", data={"run": "3"})
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
            PinCandidate(side=side, person=MENTOR, name="Lea Roth")
            for side in ("mentor", "mentee")
        ),
    )
    page = (await at_home.browser.get(MATCHES)).text
    texts = (
        "over, since one of the two",
        "hr-system",
        "Ana Ruiz (61)",
        "the rest was matched again",
        "Lea Roth",
    )
    assert [words for words in texts if words not in page] == []


async def test_the_second_of_two_reviewers_sees_the_first_decision(
    at_home: House,
) -> None:
    reviewed(at_home)
    at_home.workflows.failing = UpdateRejected(
        "run 4 has replaced the one that was reviewed; look at it and decide again"
    )
    answer = await at_home.browser.post(f"{MATCHES}/all", data={"run": "3"})
    assert "run 4 has replaced" in answer.text
