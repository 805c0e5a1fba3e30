"""Codes have words on the console, and a code without words is still readable."""

from enum import StrEnum

import pytest

from domain.matching.match_checks import SWAPPED
from domain.matching.matching_run import match_pool
from domain.matching.rules import HARD_RULES, SOFT_RULES
from domain.matching.unmatched import ALL_TAKEN, NOBODY_THERE
from gateway.console.code_texts import (
    DECISION_REASONS,
    LEDGER_LINES,
    NEXT_STEPS,
    WAITING_FOR,
    counts_by_text,
    word,
)
from gateway.texts.bilingual import BilingualText
from gateway.texts.reason_texts import (
    EXCLUDING_RULES,
    REASON_TEXTS,
    WITHOUT_RULE,
    gain_text,
    reason_text,
)
from gateway.texts.topic_texts import LEVELS_OFFERED, LEVELS_WANTED, topics_text
from schemas.matches.matching import MatchReason, RuleGain
from schemas.matches.topics import LEVELS
from schemas.records import reasons
from schemas.stages import Awaited
from tests.support.pools import a_person, a_pool
from tests.unit.gateway.factories import proposed

LISTS = [
    each
    for each in vars(reasons).values()
    if isinstance(each, type) and issubclass(each, StrEnum) and each is not StrEnum
]


@pytest.mark.parametrize("awaited", Awaited)
def test_every_next_step_has_words(awaited: Awaited) -> None:
    assert awaited in NEXT_STEPS


@pytest.mark.parametrize("each", LISTS, ids=[each.__name__ for each in LISTS])
def test_every_reason_of_a_decision_has_words(each: type[StrEnum]) -> None:
    assert set(each) <= set(DECISION_REASONS)


def test_the_story_of_a_pair_has_words() -> None:
    codes = {line.what for record in proposed().state.outbox for line in record.lines}
    assert codes <= set(LEDGER_LINES)


def test_every_reason_of_matching_has_words_and_no_other() -> None:
    mentor, mentee = a_person("m", offers={"ai"}), a_person("n", wants={"ai"})
    (proposal,) = match_pool(
        a_pool([mentor], [mentee], pins=frozenset({(mentor.person, mentee.person)}))
    ).proposals
    kept = {
        *(hard.code for hard in HARD_RULES),
        *(soft.code for soft in SOFT_RULES),
        NOBODY_THERE,
        ALL_TAKEN,
        SWAPPED,
    }
    assert set(REASON_TEXTS) == kept | {reason.rule for reason in proposal.reasons}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            MatchReason(rule="topics", value=2, items=("ai_tools", "social_media")),
            "topics wanted and offered: ai tools, social media",
        ),
        (
            MatchReason(
                rule="topics",
                value=4,
                items=("ai_tools:3", "climate", "law:1/3", "sea/3"),
            ),
            "topics wanted and offered: ai tools (could teach it), climate, law (knows it, more is wanted), "
            "sea (more is wanted)",
        ),
        (MatchReason(rule="common_hours", value=6.5), "6.5 hours a week in common"),
        (MatchReason(rule="common_hours", value=1), "1 hour a week in common"),
        (MatchReason(rule="levels_apart", value=1), "1 level apart"),
        (MatchReason(rule="levels_apart"), "different reporting lines"),
        (MatchReason(rule="levels_apart", value=4), "4 levels apart"),
        (MatchReason(rule="no_common_language", value=3), "no common language (3)"),
        (
            MatchReason(rule="all_taken", value=1),
            "the only one possible is matched already",
        ),
        (
            MatchReason(rule="a_new_rule", items=("some_thing",)),
            "a new rule: some thing",
        ),
    ],
)
def test_a_reason_is_a_short_sentence(reason: MatchReason, words: str) -> None:
    assert reason_text(reason) == words


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (
            LEVELS_OFFERED,
            "ai_tools (could teach it), climate, law (knows it), sea (practises it)",
        ),
        (
            LEVELS_WANTED,
            "ai_tools (to teach it), climate, law (to know it), sea (to practise it)",
        ),
    ],
)
def test_topics_of_a_person_are_codes_with_levels_in_words(
    levels: dict[int, BilingualText], words: str
) -> None:
    assert (
        topics_text(frozenset({"sea:2", "climate", "ai_tools:3", "law:1"}), levels)
        == words
    )


def test_every_level_has_words() -> None:
    assert tuple(LEVELS_OFFERED) == tuple(LEVELS_WANTED) == LEVELS


def test_every_rule_that_excludes_counts_whom_and_says_what_loosening_it_means() -> (
    None
):
    assert {hard.code for hard in HARD_RULES} == EXCLUDING_RULES
    assert {hard.code for hard in HARD_RULES if hard.policy_field} == set(WITHOUT_RULE)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            MatchReason(rule="common_hours", value=6.5),
            "6,5 heures par semaine en commun",
        ),
        (
            MatchReason(rule="common_hours", value=1.5),
            "1,5 heure par semaine en commun",
        ),
        (
            MatchReason(rule="topics", value=2, items=("ai_tools:2", "law:1/3")),
            "sujets demandés et proposés : ai tools (le pratique), law (le connaît, davantage est souhaité)",
        ),
        (MatchReason(rule="levels_apart", value=4), "4 niveaux d’écart"),
        (
            MatchReason(rule="different_function", items=("IT", "Legal")),
            "métiers différents : IT et Legal",
        ),
        (MatchReason(rule="no_common_language", value=3), "aucune langue commune (3)"),
    ],
)
def test_a_reason_is_written_in_french_too(reason: MatchReason, words: str) -> None:
    assert reason_text(reason, "fr") == words


@pytest.mark.parametrize(
    ("gain", "locale", "words"),
    [
        (
            RuleGain(rule="other_site", more_people=7),
            "en",
            "without the same site: 7 more people",
        ),
        (
            RuleGain(rule="other_site", more_people=1),
            "en",
            "without the same site: 1 more person",
        ),
        (
            RuleGain(rule="other_site", more_people=7),
            "fr",
            "sans le même site : 7 personnes de plus",
        ),
        (
            RuleGain(rule="same_team"),
            "en",
            "with people of one team: not counted, it would take too long",
        ),
    ],
)
def test_a_gain_is_a_short_sentence(gain: RuleGain, locale: str, words: str) -> None:
    assert gain_text(gain, locale) == words


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert word("out_of_time", LEDGER_LINES) == "out of time"


def test_codes_with_the_same_text_are_counted_together() -> None:
    counts = {"agree_due": 2, "answer_due": 4, "agree_reminder": 1}
    assert counts_by_text(counts, WAITING_FOR) == [
        ("invitation waits for an answer", 4),
        ("both are asked to agree", 3),
    ]
