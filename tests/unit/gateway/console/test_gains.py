"""The review page says what a looser rule would gain."""

from schemas.matches.matching import RuleGain
from schemas.records.listings import MatchReview
from tests.unit.gateway.factories import House

MATCHES = "/cohorts/cohort:demo:comex:1/matches"


async def test_the_page_says_how_many_more_people_a_looser_rule_would_match(
    at_home: House,
) -> None:
    at_home.store.reviews.review = MatchReview(
        run=3,
        gains=(RuleGain(rule="other_site", more_people=7), RuleGain(rule="same_team")),
    )
    page = (await at_home.browser.get(MATCHES)).text
    assert "without the same site: 7 more people" in page
    assert "with people of one team: not counted" in page


async def test_where_nothing_is_to_be_gained_the_page_says_nothing_of_it(
    at_home: House,
) -> None:
    at_home.store.reviews.review = MatchReview(run=3)
    assert "looser rule" not in (await at_home.browser.get(MATCHES)).text
