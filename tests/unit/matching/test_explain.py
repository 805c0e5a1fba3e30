"""Reasons in words, in both languages."""

import pytest

from activities.matching.explain import WORDS, Locale, reason_text
from activities.matching.left import NOBODY, TAKEN
from activities.matching.rules import HARD
from activities.matching.run import match_pool
from schemas.matching import Reason
from tests.unit.matching.factories import a_person, a_pool

CASES: list[tuple[Reason, Locale, str]] = [
    (Reason(rule="topics", value=2, items=("ai_tools", "sea")), "en", "topics wanted and offered: ai tools, sea"),
    (Reason(rule="common_hours", value=3.5), "en", "3.5 hours a week in common"),
    (Reason(rule="common_hours", value=3.5), "fr", "3,5 heures communes par semaine"),
    (Reason(rule="common_hours", value=1), "fr", "1 heure commune par semaine"),
    (Reason(rule="levels_apart", value=4), "en", "4 levels apart in a reporting line"),
    (Reason(rule="levels_apart"), "fr", "dans des lignes différentes"),
    (Reason(rule="all_taken", value=1), "en", "one would suit and was matched with another"),
    (Reason(rule="a_rule_of_tomorrow", items=("this_one",)), "en", "a rule of tomorrow: this one"),
]


@pytest.mark.parametrize(("reason", "locale", "text"), CASES)
def test_a_reason_reads(reason: Reason, locale: Locale, text: str) -> None:
    assert reason_text(reason, locale) == text


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_code_has_words(locale: Locale) -> None:
    mentor = a_person("m", offers={"ai"}, function="IT", site="Lyon")
    mentee = a_person("n", wants={"ai"}, function="Legal", site="Lyon")
    (proposal,) = match_pool(a_pool([mentor], [mentee])).proposals
    codes = {reason.rule for reason in proposal.reasons} | {rule.code for rule in HARD} | {NOBODY, TAKEN}
    assert codes == set(WORDS[locale])
