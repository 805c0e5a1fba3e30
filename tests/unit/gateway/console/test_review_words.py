"""What ops read on the review page of a match that was decided."""

import pytest

from schemas.records.listings import MatchListing, MatchReview
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.console.programmes import MATCH_ID, MATCHES
from tests.unit.gateway.factories import House


@pytest.mark.parametrize(
    ("decision", "shown"),
    [
        ("approved", "approved"),
        ("claimed", "approved, both are being notified"),
        ("announced", "approved, both were notified"),
        ("refused", "refused"),
        ("lapsed", "no longer possible: one of the two has a partner or left"),
    ],
)
async def test_a_decided_match_says_in_words_what_became_of_it(
    at_home: House, decision: str, shown: str
) -> None:
    match = MatchListing(
        id=MATCH_ID, mentor=MENTOR, mentor_name="Ana Ruiz", mentee=MENTEE, mentee_name="Marc Delorme", score=0.8,
        reasons=(), decision=decision,
    )  # fmt: skip
    at_home.store.reviews.review = MatchReview(run=3, matches=(match,), left=())
    assert f"<td>{shown}</td>" in (await at_home.browser.get(MATCHES)).text
